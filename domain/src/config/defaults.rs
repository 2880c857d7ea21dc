//! The defaults that are texts of our own.

/// Suggestions shown on an empty chat: `[{"title": [line, line], "content": prompt}]`.
pub const PROMPT_SUGGESTIONS: &str = r#"[
{"title": ["Plan a weekend", "with one rainy day"], "content": "Plan a relaxed weekend in a city I name. Assume that it rains on one of the days, and ask me first which city it is."},
{"title": ["Explain a concept", "as if to a curious friend"], "content": "Explain to me how tides work. Start from what I can see at the beach, avoid formulas, and finish with one surprising fact."},
{"title": ["Improve my writing", "but keep my voice"], "content": "I will paste a paragraph. Make it clearer and shorter without changing its tone, then list what you changed and why."},
{"title": ["Review some code", "like a careful colleague"], "content": "I will paste a function. Point out bugs first, then unclear names, then anything that could be simpler. Show the improved version at the end."},
{"title": ["Prepare for a talk", "with questions I may get"], "content": "I have to give a short talk. Ask me for the topic and the audience, outline it in five points, and list the hardest questions that I should be ready for."},
{"title": ["Compare two options", "in a small table"], "content": "Help me choose between two options that I will name. Ask what matters to me, then compare them in a table and give one recommendation."}
]"#;

/// How retrieved passages are put before a question; `{{CONTEXT}}` and `{{QUERY}}` are filled in. JSON text.
pub const RAG_TEMPLATE: &str = r#""Use the passages below to answer the user's question.\n\n- Rely on the passages first; say so when they do not hold the answer.\n- Cite a passage as [id] right after the statement that it supports, only where the passage has an id.\n- Answer in the language of the question.\n\n<context>\n{{CONTEXT}}\n</context>\n""#;

/// The workflow that ComfyUI runs unless an admin gives another, as JSON in a text. Empty until images land.
pub const COMFYUI_WORKFLOW: &str = r#""""#;
