//! The time after [`Exporter::close`]: what waits is sent again until it is over, and never before the endpoint allows it. Time is
//! paused.

use super::receiver::{Reply, State};
use super::*;
use crate::settings::Timing;

/// Times as they are for a user, but for the first: it gathers until the end.
fn at_the_end(protocol: Protocol) -> Settings {
    let mut settings = settings("127.0.0.1:4318", protocol);
    settings.timing = Timing {
        batch_interval: Duration::from_secs(600),
        ..Timing::default()
    };
    settings
}

/// Settings of an exporter that sends at once.
fn before_the_end(protocol: Protocol) -> Settings {
    let mut settings = at_the_end(protocol);
    settings.timing.batch_interval = Duration::ZERO;
    settings
}

fn seconds(time: f64) -> Duration {
    Duration::from_secs_f64(time)
}

#[tokio::test(start_paused = true)]
async fn a_receiver_that_comes_up_two_seconds_after_the_end_gets_everything() {
    for protocol in PROTOCOLS {
        let receiver = State::new(protocol, []);
        let begun = Instant::now();
        let running = Running::dialing(at_the_end(protocol), receiver.dial(begun + seconds(2.0)));
        running.push(1..=5_000);
        let info = running.end().await;
        assert_eq!((info.logs.sent, info.logs.dropped), (5_000, 0), "{info:?}");
        assert!(begun.elapsed() < seconds(3.2), "{:?}", begun.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn a_pause_that_began_before_the_end_is_cut_short() {
    let receiver = State::new(Protocol::Http, []);
    let begun = Instant::now();
    let running = Running::dialing(before_the_end(Protocol::Http), receiver.dial(begun + seconds(100.0)));
    running.push(1..=10);
    // Its pauses are of 32 s and more by then.
    sleep_until(begun + seconds(99.0)).await;
    let info = running.end().await;
    assert_eq!((info.logs.sent, info.logs.dropped), (10, 0), "{info:?}");
    assert!(begun.elapsed() < seconds(102.2), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_stays_away_is_tried_until_the_end_is_over_and_no_longer() {
    for protocol in PROTOCOLS {
        let receiver = State::new(protocol, []);
        let begun = Instant::now();
        let running = Running::dialing(at_the_end(protocol), receiver.dial(begun + seconds(600.0)));
        running.push(1..=5_000);
        let info = running.end().await;
        assert_eq!(
            (info.logs.sent, info.logs.dropped_by["shutdown"]),
            (0, 5_000),
            "{info:?}"
        );
        let elapsed = begun.elapsed();
        assert!(elapsed > seconds(4.0) && elapsed <= seconds(5.0), "{elapsed:?}");
        let attempts = receiver.connections();
        assert!((6..20).contains(&attempts), "{attempts}");
        assert!(info.last_error.unwrap().text.contains("cannot be reached"));
    }
}

#[tokio::test(start_paused = true)]
async fn an_endpoint_that_hangs_at_the_end_is_said_to_and_holds_it_up_no_longer() {
    for protocol in PROTOCOLS {
        let receiver = State::new(protocol, vec![Reply::Hang; 9]);
        let begun = Instant::now();
        let running = Running::dialing(at_the_end(protocol), receiver.dial(begun));
        running.push(1..=5_000);
        let info = running.end().await;
        assert_eq!(
            (info.logs.sent, info.logs.dropped_by["shutdown"]),
            (0, 5_000),
            "{info:?}"
        );
        assert!(begun.elapsed() <= seconds(5.01), "{:?}", begun.elapsed());
        assert_eq!(info.last_error.unwrap().text, "the endpoint did not answer within 5 s");
    }
}

#[tokio::test(start_paused = true)]
async fn a_second_signal_ends_a_request_and_a_pause_at_once() {
    for away in [0.0, 600.0] {
        let receiver = State::new(Protocol::Http, vec![Reply::Hang; 9]);
        let begun = Instant::now();
        let running = Running::dialing(at_the_end(Protocol::Http), receiver.dial(begun + seconds(away)));
        running.push(1..=5_000);
        let hurry = CancellationToken::new();
        let second = async {
            sleep(seconds(1.9)).await;
            hurry.cancel();
        };
        tokio::join!(running.exporter.finish(running.task, &hurry), second);
        let info = running.exporter.info();
        assert_eq!(
            (info.logs.sent, info.logs.dropped_by["shutdown"]),
            (0, 5_000),
            "{info:?}"
        );
        assert_eq!(begun.elapsed(), seconds(1.9));
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_that_the_end_cuts_short_does_not_hide_the_failure_before_it() {
    let receiver = State::new(Protocol::Http, [Reply::status(503), Reply::Hang]);
    let begun = Instant::now();
    let running = Running::dialing(at_the_end(Protocol::Http), receiver.dial(begun));
    running.push(1..=1);
    let info = running.end().await;
    assert!(begun.elapsed() <= seconds(5.01), "{:?}", begun.elapsed());
    assert!(info.last_error.unwrap().text.contains("503"));
}

#[tokio::test(start_paused = true)]
async fn nothing_is_sent_before_retry_after_is_over_at_the_end_either() {
    for closes_first in [true, false] {
        let settings = match closes_first {
            true => at_the_end(Protocol::Http),
            false => before_the_end(Protocol::Http),
        };
        let busy = Reply::status(503).header("retry-after", "3");
        let receiver = State::new(Protocol::Http, [busy]);
        let running = Running::dialing(settings, receiver.dial(Instant::now()));
        running.push(1..=10);
        if !closes_first {
            receiver.wait_for(1).await;
            sleep(seconds(0.5)).await;
        }
        let info = running.end().await;
        assert_eq!((info.logs.sent, info.logs.dropped), (10, 0), "{info:?}");
        let requests = receiver.requests();
        let pause = requests[1].at - requests[0].at;
        assert!(pause >= seconds(3.0) && pause < seconds(3.6), "{pause:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_retry_after_beyond_the_end_gives_up_at_once_and_says_so() {
    for (asked, words) in [
        ("60", "asks to wait for 60 s"),
        ("18446744073709551615", "asks to wait for"),
    ] {
        let busy = Reply::status(503).header("retry-after", asked);
        let receiver = State::new(Protocol::Http, vec![busy; 9]);
        let begun = Instant::now();
        let running = Running::dialing(at_the_end(Protocol::Http), receiver.dial(begun));
        running.push(1..=5_000);
        let info = running.end().await;
        assert_eq!(
            (info.logs.sent, info.logs.dropped_by["shutdown"]),
            (0, 5_000),
            "{info:?}"
        );
        assert!(begun.elapsed() < seconds(0.1), "{:?}", begun.elapsed());
        assert_eq!(receiver.requests().len(), 1, "the other batches wait as well");
        let text = info.last_error.unwrap().text;
        assert!(text.contains(words), "{text}");
    }
}
