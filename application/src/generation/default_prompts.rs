//! The prompts that are used where the admin set no other. Each asks for one JSON object and names its key.

pub(super) const TITLE: &str = r#"Name the conversation below.

Answer with one JSON object and nothing else: {"title": "…"}
- Two to five words in the language of the conversation, with one emoji in front where it fits.
- Say what it is about. Plain words: no quotation marks, no Markdown.

Conversation:
{{MESSAGES:END:2}}"#;

pub(super) const TAGS: &str = r#"Say what the conversation below is about, so that it can be found among many.

Answer with one JSON object and nothing else: {"tags": ["…", "…"]}
- First one or two broad fields, such as Science, Art or Health, then up to three narrower ones.
- One or two words each, in the language of the conversation. If there is too little to go by: ["General"].

Conversation:
{{MESSAGES:END:6}}"#;

pub(super) const FOLLOW_UPS: &str = r#"Think of what the user may want to ask next in the conversation below.

Answer with one JSON object and nothing else: {"follow_ups": ["…", "…", "…"]}
- Three to five short questions in the user's own voice and language.
- Each leads on from what was said; none repeats what is answered already.

Conversation:
{{MESSAGES:END:6}}"#;

pub(super) const QUERIES: &str = r#"Today is {{CURRENT_DATE}}. Decide what to look up so that the last question of the conversation below can be answered well.

Answer with one JSON object and nothing else: {"queries": ["…", "…"]}
- One to three short, different queries, as one would type them. An empty list if nothing outside could help.

Conversation:
{{MESSAGES:END:6}}"#;

pub(super) const AUTOCOMPLETE: &str = r#"### Autocompletion
Continue the user's unfinished text ({{TYPE}}) by a few words.

Answer with one JSON object and nothing else: {"text": "…"}
- Only what comes after the text, in its language and tone. Empty if nothing fits.

What was said before:
{{MESSAGES:END:6}}

The unfinished text:
{{PROMPT}}"#;

pub(super) const EMOJI: &str =
    "Answer with the one emoji that fits this text best, and nothing else.\n\n{{PROMPT}}";

pub(super) const IMAGE: &str = r#"Describe a picture that fits the last request of the conversation below, for a program that draws.

Answer with one JSON object and nothing else: {"prompt": "…"}
- One or two sentences: what is to be seen, where, in which style and light.

Conversation:
{{MESSAGES:END:6}}"#;

pub(super) const MERGE: &str = r#"Several models answered this request: "{{prompt}}"

Make one answer of theirs: take what is right, leave out what is wrong, settle where they differ, and do not mention them.

Their answers:
{{responses}}"#;
