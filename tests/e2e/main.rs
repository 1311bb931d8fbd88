//! Every check of the whole, through the public surface: the command line, the sockets, the API, the page.
//!
//! Where a new test belongs: by what a user would call the behaviour. `exec`: what `mirrord exec` sees and leaves alone.
//! `session_socket`: what a session answers. `session_commands`: what `mirrord session` reads of it, `session_keys`: of those that share a key. `mcp`: what an agent gets of it.
//! `openapi`: the description of the REST API, against a server that runs. `records`: what is written of it to a file. `replay`: what is read of that. `history`: what `mirrord ui` records, keeps and is sent. `short_programs`: that none is lost. `summary`: what its answers say. `shared_home`: what other machines'
//! sessions meet. `ui`: what `mirrord ui` answers. `instance`: that there is
//! one of it, and what it is asked from the command line. `connections`: who came, who was reached, how much went over it. `exhausted`: what it does without
//! descriptors, and with a directory that moves. `kill`: how a program is ended from there. `edition`: what it
//! learns from a cluster. `mirror`: what a device on the network meets. `page`: what the browser shows. `bad_input`: what is refused,
//! and in which words. `dev`: its page from a development server. `remote`: where no browser opens. `logs`: what it says
//! of itself. `otlp`: what arrives at an OpenTelemetry receiver. `nohup`: signals that are ignored at the start. `proxy`: what `mirrord proxy` passes on and says. `demo`: the README's first command. `doctor`: what it finds, and the files of an install. `readme`: what the README says of the command line.
//! of itself. `container`: `mirrord exec` as the first process of one, with Docker's defaults. `nohup`: signals that are ignored at the start. `proxy`: what `mirrord proxy` passes on and says. `demo`: the README's first command. `doctor`: what it finds, and the files of an install. `readme`: what the README says of the command line.

#![expect(clippy::unwrap_used, reason = "a test fails where something is not there")]

mod bad_input;
mod config;
mod connections;
mod container;
mod demo;
mod dev;
mod doctor;
mod edition;
mod exec;
mod exhausted;
mod history;
mod instance;
mod kill;
mod logs;
mod mcp;
mod mirror;
mod nohup;
mod openapi;
mod otlp;
mod page;
mod proxy;
mod readme;
mod records;
mod remote;
mod replay;
mod session_commands;
mod session_keys;
mod session_socket;
mod shared_home;
mod short_programs;
mod summary;
mod ui;
