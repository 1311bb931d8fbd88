//! Evictions, on a clock of the test's own.

use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::time::timeout;

use super::*;

const PEER: Arrival = Arrival {
    listener: Listener::Desktop,
    peer: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 1),
};

fn from(last: u8) -> Arrival {
    Arrival {
        listener: Listener::Mirror {
            local: PEER.peer,
            tls: false,
        },
        peer: SocketAddr::from(([10, 0, 0, last], 1)),
    }
}

/// Table of connections, and a function that opens one in it, authenticated or anonymous.
fn table(all: usize, before_sign_in: usize) -> impl Fn(bool) -> Option<Arc<Connection>> {
    let table = Connections::new(Bounds {
        all,
        of_one_address: all,
        before_sign_in,
    });
    let shutdown = CancellationToken::new();
    move |signed_in| {
        let connection = table.try_admit(PEER, &shutdown).ok()?;
        if signed_in {
            connection.signed_in();
        }
        connection.end_grace();
        Some(connection)
    }
}

fn is_open(connection: &Arc<Connection>) -> bool {
    !connection.close.is_cancelled()
}

#[tokio::test(start_paused = true)]
async fn among_the_signed_in_the_longest_idle_makes_room_and_the_busy_stay() {
    let open = table(2, 2);
    let first = open(true).unwrap();
    tokio::time::advance(Duration::from_secs(1)).await;
    let second = open(true).unwrap();
    let busy = first.busy();
    let third = open(true).unwrap();
    assert!(!is_open(&second) && is_open(&first) && second.is_displaced());
    drop(second);
    let third_busy = third.busy();
    assert!(open(true).is_none(), "all are busy");
    drop(busy);
    let fourth = open(true).unwrap();
    assert!(!is_open(&first) && is_open(&third));
    let table = Arc::clone(&fourth.table);
    drop((first, third_busy, third, fourth));
    assert_eq!(table.lock().by_id.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn strangers_displace_strangers_the_oldest_first_however_chatty() {
    let open = table(10, 3);
    let known: Vec<_> = (0..7).map(|_| open(true).unwrap()).collect();
    let mut strangers: Vec<_> = (0..3).map(|_| open(false).unwrap()).collect();
    for _ in 0..20 {
        tokio::time::advance(Duration::from_secs(1)).await;
        // The oldest has just asked something; the newcomer stays nevertheless.
        drop(strangers[0].busy());
        strangers.push(open(false).unwrap());
        assert!(!is_open(&strangers.remove(0)));
        assert!(strangers.iter().all(is_open));
    }
    assert!(known.iter().all(is_open), "idle for long, and kept");
    // Who signs in leaves the strangers' bound; then the strangers make room for it.
    strangers[0].signed_in();
    let next = open(false).unwrap();
    assert!(!is_open(&strangers[1]) && is_open(&strangers[0]) && is_open(&next));
    assert!(known.iter().all(is_open));
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_is_yet_to_be_read_keeps_its_place_for_a_while() {
    let table = Connections::new(Bounds {
        all: 10,
        of_one_address: 10,
        before_sign_in: 3,
    });
    let shutdown = CancellationToken::new();
    let unread: Vec<_> = (0..3).map(|_| table.try_admit(PEER, &shutdown).unwrap()).collect();
    let admitted = table.admit(PEER, &shutdown);
    assert!(timeout(Duration::from_secs(3_600), admitted).await.is_err());
    let request = async { drop(unread[2].busy()) };
    let (next, ()) = tokio::join!(table.admit(PEER, &shutdown), request);
    assert!(!is_open(&unread[2]), "the one that has asked makes room");
    let silent = Arc::clone(&unread[0]).run(std::future::pending());
    let began = Instant::now();
    tokio::select! {
        _ = table.admit(PEER, &shutdown) => {}
        () = silent => panic!("it has no end"),
    }
    assert!(
        !is_open(&unread[0]) && is_open(&unread[1]),
        "the one that was silent makes room"
    );
    assert!(began.elapsed() >= limits::FIRST_REQUEST_GRACE);
    drop((unread, next));
    assert_eq!(table.lock().by_id.len(), 0);
}

#[tokio::test(start_paused = true)]
async fn websockets_leave_a_quarter_for_requests_and_the_first_makes_room() {
    let open = table(8, 8);
    let websocket = || {
        let connection = open(true).unwrap();
        let busy = connection.websocket();
        (connection, busy)
    };
    let mut websockets: Vec<_> = (0..6).map(|_| websocket()).collect();
    let requests = [open(true).unwrap(), open(true).unwrap()];
    assert!(websockets.iter().all(|(connection, _)| is_open(connection)));
    assert!(requests.iter().all(is_open));
    websockets.push(websocket());
    assert!(!is_open(&websockets[0].0) && websockets[0].0.is_displaced());
    assert!(websockets[1..].iter().all(|(connection, _)| is_open(connection)));
}

#[tokio::test(start_paused = true)]
async fn websockets_of_one_address_leave_it_room_for_requests() {
    let bounds = Bounds {
        all: 40,
        of_one_address: 4,
        before_sign_in: 4,
    };
    let (table, shutdown) = (Connections::new(bounds), CancellationToken::new());
    let open = |last| {
        let connection = table.try_admit(from(last), &shutdown).unwrap();
        connection.signed_in();
        let busy = connection.websocket();
        (connection, busy)
    };
    let websockets: Vec<_> = [1, 1, 1, 2, 1].map(open).into();
    let are_open: Vec<_> = websockets.iter().map(|(connection, _)| is_open(connection)).collect();
    assert_eq!(are_open, [false, true, true, true, true]);
    assert!(table.try_admit(from(1), &shutdown).is_ok(), "a request has room");
}

#[tokio::test(start_paused = true)]
async fn one_address_and_those_who_have_not_signed_in_have_bounds_of_their_own() {
    let bounds = Bounds {
        all: 10,
        of_one_address: 2,
        before_sign_in: 3,
    };
    let (table, shutdown) = (Connections::new(bounds), CancellationToken::new());
    let all: Vec<_> = [1, 1, 2]
        .map(|last| table.try_admit(from(last), &shutdown).unwrap())
        .into();
    let mut busy: Vec<_> = all.iter().map(|connection| connection.busy()).collect();
    assert!(
        table.try_admit(from(1), &shutdown).is_err(),
        "two of one address, both busy"
    );
    assert!(
        table.try_admit(from(3), &shutdown).is_err(),
        "three of strangers, all busy"
    );
    all[0].signed_in();
    let third = table.try_admit(from(3), &shutdown).unwrap();
    assert!(
        table.try_admit(from(4), &shutdown).is_err(),
        "the third is yet to be read"
    );
    third.end_grace();
    let fourth = table.try_admit(from(4), &shutdown).unwrap();
    assert!(!is_open(&third) && is_open(&fourth), "an idle stranger makes room");
    drop(busy.remove(1));
    tokio::time::advance(Duration::from_secs(1)).await;
    drop((busy, third));
    let again = table.try_admit(from(1), &shutdown).unwrap();
    assert!(
        !is_open(&all[1]) && is_open(&all[0]),
        "the stranger of the same address makes room"
    );
    drop((all, fourth, again));
    assert_eq!(table.lock().by_id.len(), 0);
}
