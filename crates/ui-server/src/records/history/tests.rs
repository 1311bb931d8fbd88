//! Tests of the bounds of the history, with small ones.

use mirrord_wire::{SessionEnd, SessionId};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::*;
use crate::eventually::eventually;
use crate::store::{Introduction, Store};

struct Kept {
    keeper: Arc<HistoryKeeper>,
    workers: Workers,
    home: tempfile::TempDir,
}

fn keeper(bounds: Bounds) -> Kept {
    let home = tempfile::tempdir().unwrap();
    let store = Arc::new(Store::new(crate::store::Bounds::default()));
    let workers = Workers::new(&store, &TaskTracker::new(), &CancellationToken::new());
    let folder = |name: &str| PrivateFolder::new(home.path().join(name));
    let keeper = HistoryKeeper::bounded(folder("history"), folder("settings"), true, workers.clone(), bounds);
    let keeper = Arc::new(keeper);
    workers.tracker.spawn(Arc::clone(&keeper).run());
    Kept { keeper, workers, home }
}

impl Kept {
    /// Introduces a session with so many events.
    fn session(&self, id: &str, events: u64) {
        let store = &self.workers.store;
        let mut introduction = Introduction::default();
        introduction.info.started_at = format!("2026-11-20T18:00:00Z{id}");
        let key = store.introduce(&SessionId::new(id).unwrap(), introduction).key;
        // Of random text, which is not compressed.
        let random = |_| {
            format!(
                "{:x}",
                std::hash::BuildHasher::hash_one(&std::hash::RandomState::new(), 1)
            )
        };
        let event = |seq| {
            let host: String = (0..20).map(random).collect();
            format!("{{\"seq\":{seq},\"ts\":1,\"type\":\"DnsQuery\",\"host\":\"{host}\"}}\n")
        };
        store.append_ndjson(key, 0, &(1..=events).map(event).collect::<String>());
    }

    fn end(&self, id: &str) {
        self.workers.store.end(&SessionId::new(id).unwrap(), SessionEnd::Closed);
    }

    /// Waits until the history is as it should be.
    async fn until(&self, is_met: impl Fn(&History) -> bool) -> History {
        eventually(async || Some(self.keeper.answer("").await).filter(&is_met)).await
    }

    fn files(&self) -> usize {
        std::fs::read_dir(self.home.path().join("history")).unwrap().count()
    }
}

#[tokio::test]
async fn the_oldest_session_goes_for_the_newest() {
    let kept = keeper(Bounds {
        records: 2,
        ..Bounds::default()
    });
    for (id, count) in [("a", 1), ("b", 2), ("c", 2)] {
        kept.session(id, 1);
        kept.end(id);
        kept.until(|history| history.records.len() == count && history.records.iter().any(|own| own.session_id == id))
            .await;
    }
    let history = kept.until(|history| history.records.len() == 2).await;
    assert!(history.records.iter().all(|own| own.session_id != "a"), "{history:?}");
    kept.workers.shutdown.cancel();
    kept.workers.tracker.close();
    kept.workers.tracker.wait().await;
    assert_eq!(kept.files(), 4, "two records with their entries");
}

#[tokio::test]
async fn a_session_that_fills_the_history_by_itself_is_recorded_no_further_and_that_is_said() {
    let kept = keeper(Bounds {
        bytes: 100_000,
        ..Bounds::default()
    });
    kept.session("old", 1);
    kept.end("old");
    kept.until(|history| history.records.len() == 1).await;
    kept.session("large", 560);
    let history = kept.until(|history| history.error.is_some()).await;
    assert!(history.error.unwrap().contains("full"));
    let history = kept
        .until(|history| history.records.iter().any(|own| own.session_id == "large"))
        .await;
    assert!((90_000..=100_000).contains(&history.bytes), "{history:?}");
    kept.workers.shutdown.cancel();
}
