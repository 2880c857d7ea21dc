use keelson_domain::task::{RunningTask, TaskDirectory};
use keelson_memory::task::MemoryTasks;
use pretty_assertions::assert_eq;

fn task(id: &str, owner: &str, item: Option<&str>) -> RunningTask {
    RunningTask {
        id: id.into(),
        owner: Some(owner.into()),
        item: item.map(str::to_owned),
    }
}

fn ids(mut tasks: Vec<RunningTask>) -> Vec<String> {
    tasks.sort_by(|a, b| a.id.cmp(&b.id));
    tasks.into_iter().map(|task| task.id.into_string()).collect()
}

/// What every directory of tasks must do; `there` is the same directory seen from another instance.
pub(super) async fn suite(here: &dyn TaskDirectory, there: &dyn TaskDirectory) {
    assert!(here.list().await.unwrap().is_empty());
    assert_eq!(here.find(&"t1".into()).await.unwrap(), None);
    here.remove(&"t1".into()).await.unwrap();

    let (one, two, three) = (
        task("t1", "ann", Some("c1")),
        task("t2", "bob", None),
        task("t3", "ann", Some("c1")),
    );
    for task in [&one, &two, &three] {
        here.enter(task).await.unwrap();
    }
    here.renew(&["t1".into(), "t2".into()]).await.unwrap();
    for directory in [here, there] {
        assert_eq!(directory.find(&"t1".into()).await.unwrap(), Some(one.clone()));
        assert_eq!(directory.find(&"t2".into()).await.unwrap(), Some(two.clone()));
        assert_eq!(ids(directory.list().await.unwrap()), ["t1", "t2", "t3"]);
        assert_eq!(ids(directory.of_item("c1").await.unwrap()), ["t1", "t3"]);
        assert!(directory.of_item("c2").await.unwrap().is_empty());
    }
    here.enter(&task("t1", "ann", Some("c2"))).await.unwrap();
    assert_eq!(
        ids(there.of_item("c1").await.unwrap()),
        ["t3"],
        "replaced, item and all"
    );
    assert_eq!(ids(there.of_item("c2").await.unwrap()), ["t1"]);

    for id in ["t1", "t2", "t3"] {
        here.remove(&id.into()).await.unwrap();
    }
    assert!(there.list().await.unwrap().is_empty());
    assert!(there.of_item("c2").await.unwrap().is_empty());
}

#[tokio::test]
async fn memory() {
    let tasks = MemoryTasks::default();
    suite(&tasks, &tasks).await;
}
