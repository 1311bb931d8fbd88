//! An agent of the tests: the official Python SDK as the client of a `mirrord mcp`.

use std::process::Stdio;

use mirrord_tests::home::{Home, binary};
use mirrord_tests::within;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout};

const CLIENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/e2e/mcp_client.py");

/// An agent: the SDK's client, with a `mirrord mcp` of its own. It ends with the test.
pub(super) struct Agent {
    child: Child,
    stdin: ChildStdin,
    pub(super) stdout: Lines<BufReader<ChildStdout>>,
    /// The server's answer to `initialize`.
    pub(super) server: Value,
}

impl Agent {
    pub(super) async fn start(home: &Home, flags: &[&str]) -> Self {
        let python = std::env::var_os("MIRRORD_TEST_MCP_PYTHON")
            .expect("MIRRORD_TEST_MCP_PYTHON names a Python with the MCP SDK: `cargo xtask setup` makes one");
        let mut child = home
            .command(python)
            .arg(CLIENT)
            .arg(binary())
            .arg("mcp")
            .args(flags)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdin = child.stdin.take().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap()).lines();
        let server = read(&mut stdout).await;
        Self {
            child,
            stdin,
            stdout,
            server,
        }
    }

    /// Calls a method of the SDK's client.
    pub(super) async fn ask(&mut self, request: Value) -> Value {
        self.send(request).await;
        read(&mut self.stdout).await
    }

    pub(super) async fn send(&mut self, request: Value) {
        self.stdin.write_all(format!("{request}\n").as_bytes()).await.unwrap();
    }

    /// Calls a tool that succeeds.
    pub(super) async fn call(&mut self, tool: &str, arguments: Value) -> Value {
        answered(self.ask(json!(["call_tool", tool, arguments])).await)
    }

    /// Calls a tool that fails; returns the kind of the error and its text.
    pub(super) async fn refused(&mut self, tool: &str, arguments: Value) -> (String, String) {
        failed(&self.ask(json!(["call_tool", tool, arguments])).await)
    }

    pub(super) async fn tools(&mut self) -> Vec<Value> {
        let answer = self.ask(json!(["list_tools"])).await;
        answer["result"]["tools"].as_array().unwrap().clone()
    }

    /// Reads a resource.
    pub(super) async fn read(&mut self, uri: &str) -> Value {
        let answer = self.ask(json!(["read_resource", uri])).await;
        let contents = &answer["result"]["contents"][0];
        assert_eq!(
            (&contents["uri"], &contents["mimeType"]),
            (&json!(uri), &json!("application/json")),
            "{answer}"
        );
        serde_json::from_str(contents["text"].as_str().unwrap()).unwrap()
    }

    /// Ends as a client does.
    pub(super) async fn finish(mut self) {
        drop(self.stdin);
        let status = within("the client's end", self.child.wait()).await.unwrap();
        assert!(status.success(), "{status}");
    }
}

pub(super) async fn read(lines: &mut Lines<BufReader<ChildStdout>>) -> Value {
    let line = within("an answer", lines.next_line()).await.unwrap();
    serde_json::from_str(&line.expect("the client goes on")).unwrap()
}

pub(super) fn answered(answer: Value) -> Value {
    let result = &answer["result"];
    assert_eq!(result["isError"], false, "{answer}");
    let text = result["content"][0]["text"].as_str().unwrap();
    assert_eq!(
        serde_json::from_str::<Value>(text).unwrap(),
        result["structuredContent"]
    );
    result["structuredContent"].clone()
}

pub(super) fn failed(answer: &Value) -> (String, String) {
    let result = &answer["result"];
    assert_eq!(result["isError"], true, "{answer}");
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (
        text(&result["structuredContent"]["kind"]),
        text(&result["content"][0]["text"]),
    )
}
