//! Sign-in of a browser: the address with the token or a ticket, the cookie, the code, and the page key.

use http::Method;

use crate::access::{Asker, Browser, NO_TOKEN};
use crate::support::Home;

#[tokio::test(flavor = "multi_thread")]
async fn the_address_with_the_token_gives_both_halves_and_goes_away() {
    let home = Home::new().await;
    let asker = Asker::new(&home);
    let with_token = format!("/?token={}", home.token);
    let right = asker.ask(&Method::GET, &with_token, &[NO_TOKEN]).await;
    assert_eq!(right.status.as_u16(), 303);
    let cookie = right.headers["set-cookie"].to_str().unwrap();
    let (pair, attributes) = cookie.split_once("; ").unwrap();
    assert_eq!(attributes, "HttpOnly; SameSite=Strict; Path=/");
    assert!(pair.starts_with(&format!("mirrord_ui_{}=", home.port)), "{pair}");
    let location = right.headers["location"].to_str().unwrap();
    let code = location.strip_prefix("/?code=").unwrap();
    let page_key = asker.exchange(code, Some(pair)).await.json()["page_key"].clone();
    // Four secrets, none of which is another one or leads to it.
    let texts = [
        pair.split_once('=').unwrap().1,
        code,
        page_key.as_str().unwrap(),
        &home.token,
    ];
    assert!(texts.iter().all(|text| text.len() == 64));
    assert_eq!(texts.iter().collect::<std::collections::HashSet<_>>().len(), 4);
    let browser = asker.sign_in(&with_token).await;
    assert_eq!(
        (browser.cookie.as_str(), browser.page_key.as_str()),
        (pair, texts[2]),
        "one instance, one pair"
    );

    let head = asker.ask(&Method::HEAD, &with_token, &[NO_TOKEN]).await;
    assert_eq!(
        (head.status.as_u16(), &head.headers["location"]),
        (303, &"/".parse().unwrap())
    );
    let wrong = asker.ask(&Method::GET, "/?token=0", &[NO_TOKEN]).await;
    assert_eq!((wrong.status.as_u16(), wrong.headers.get("set-cookie")), (303, None));
    assert_eq!(wrong.headers["location"], "/");
    // In the address it opens the WebSocket and nothing else.
    let in_query = |target: &str| format!("{target}?token={}", home.token);
    assert_eq!(asker.status(&Method::GET, &in_query("/ws"), &[NO_TOKEN]).await, 426);
    assert_eq!(
        asker
            .status(&Method::GET, &in_query("/api/sessions"), &[NO_TOKEN])
            .await,
        401
    );
    let foreign = [NO_TOKEN, ("host", Some("evil.example"))];
    assert_eq!(asker.status(&Method::GET, &in_query("/"), &foreign).await, 403);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_is_exchanged_once_and_only_with_the_cookie() {
    let home = Home::new().await;
    let asker = Asker::new(&home);
    let with_token = format!("/?token={}", home.token);
    let Browser { cookie, .. } = asker.sign_in(&with_token).await;
    let redirect = asker.ask(&Method::GET, &with_token, &[NO_TOKEN]).await;
    let location = redirect.headers["location"].to_str().unwrap();
    let code = location.strip_prefix("/?code=").unwrap();
    let wrong_cookie = format!("mirrord_ui_{}={}", home.port, "0".repeat(64));
    for (code, cookie, word) in [
        (code, None, "cookie"),
        (code, Some(wrong_cookie.as_str()), "cookie"),
        (&code[1..], Some(cookie.as_str()), "code"),
        ("", Some(&cookie), "code"),
    ] {
        let refused = asker.exchange(code, cookie).await;
        let reason = refused.json()["error"].as_str().unwrap().to_owned();
        assert!(
            refused.status.as_u16() == 401 && reason.contains(word),
            "{word}: {reason}"
        );
    }
    // What another page would send, and the page itself on a GET, do not use it up.
    let foreign = [
        ("authorization", Some(format!("Ticket {code}"))),
        ("cookie", Some(cookie.clone())),
        ("origin", Some("http://127.0.0.1:1".to_owned())),
    ];
    let foreign = foreign.each_ref().map(|(name, value)| (*name, value.as_deref()));
    assert_eq!(asker.status(&Method::POST, "/api/sign-in", &foreign).await, 403);
    assert_eq!(asker.status(&Method::GET, location, &[NO_TOKEN]).await, 200);
    assert_eq!(asker.exchange(code, Some(&cookie)).await.status.as_u16(), 200);
    assert_eq!(
        asker.exchange(code, Some(&cookie)).await.status.as_u16(),
        401,
        "only once"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pages_websocket_carries_its_key_as_a_subprotocol_that_is_not_repeated() {
    let home = Home::new().await;
    let asker = Asker::new(&home);
    let browser = asker.sign_in(&format!("/?token={}", home.token)).await;
    let offered = format!("mirrord.events, mirrord.page-key.{}", browser.page_key);
    let key_alone = format!("mirrord.page-key.{}", browser.page_key);
    let wrong = format!("mirrord.events, mirrord.page-key.{}", &browser.page_key[1..]);
    let cookie = browser.cookie.as_str();
    for (what, cookie, protocols, status, selected) in [
        (
            "both",
            Some(cookie),
            Some(offered.as_str()),
            101,
            Some("mirrord.events"),
        ),
        (
            "the key alone among them",
            Some(cookie),
            Some(key_alone.as_str()),
            101,
            None,
        ),
        ("no cookie", None, Some(offered.as_str()), 401, None),
        ("no key", Some(cookie), Some("mirrord.events"), 401, None),
        ("a wrong key", Some(cookie), Some(wrong.as_str()), 401, None),
        ("nothing", Some(cookie), None, 401, None),
    ] {
        let headers = [
            NO_TOKEN,
            ("connection", Some("Upgrade")),
            ("upgrade", Some("websocket")),
            ("sec-websocket-version", Some("13")),
            ("sec-websocket-key", Some("dGhlIHNhbXBsZSBub25jZQ==")),
            ("sec-websocket-protocol", protocols),
            ("cookie", cookie),
        ];
        let answer = asker.ask(&Method::GET, "/ws", &headers).await;
        let own = answer.headers.get("sec-websocket-protocol");
        assert_eq!(
            (answer.status.as_u16(), own.map(|own| own.to_str().unwrap())),
            (status, selected),
            "{what}"
        );
    }
    // On anything but a WebSocket it says nothing.
    let headers = [
        NO_TOKEN,
        ("sec-websocket-protocol", Some(offered.as_str())),
        ("cookie", Some(cookie)),
    ];
    assert_eq!(asker.status(&Method::GET, "/api/sessions", &headers).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_ticket_signs_one_browser_in_and_says_nothing_to_the_next() {
    let home = Home::new().await;
    let asker = Asker::new(&home);
    let issued = asker.ask(&Method::POST, "/api/tickets", &[]).await;
    let ticket = issued.json()["ticket"].as_str().unwrap().to_owned();
    assert_ne!(ticket, home.token);
    let target = format!("/?ticket={ticket}");
    // What only looks at the address, or asks in the name of a foreign host, does not use it up.
    let head = asker.ask(&Method::HEAD, &target, &[NO_TOKEN]).await;
    assert_eq!((head.status.as_u16(), head.headers.get("set-cookie")), (303, None));
    let foreign = [NO_TOKEN, ("host", Some("evil.example"))];
    assert_eq!(asker.status(&Method::GET, &target, &foreign).await, 403);
    assert_eq!(
        asker
            .status(&Method::GET, &format!("/ws?ticket={ticket}"), &[NO_TOKEN])
            .await,
        401
    );
    let bearer = format!("Bearer {ticket}");
    assert_eq!(
        asker
            .status(&Method::GET, "/api/sessions", &[("authorization", Some(&bearer))])
            .await,
        401
    );
    let browser = asker.sign_in(&target).await;
    let both = [
        NO_TOKEN,
        ("cookie", Some(browser.cookie.as_str())),
        ("mirrord-page-key", Some(browser.page_key.as_str())),
    ];
    assert_eq!(asker.status(&Method::GET, "/api/sessions", &both).await, 200);
    for used in [target, "/?ticket=".to_owned(), "/?ticket=0".to_owned()] {
        let second = asker.ask(&Method::GET, &used, &[NO_TOKEN]).await;
        assert_eq!(
            (second.status.as_u16(), second.headers.get("set-cookie")),
            (303, None),
            "{used}"
        );
        assert_eq!(second.headers["location"], "/");
    }
}
