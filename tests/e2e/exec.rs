//! `mirrord exec`: what it sees of a real program, and what it leaves alone.

mod jobs;
mod limits;
mod routes;
mod sees;
mod session;
mod streams;
mod suggestions;
mod survives;
mod terminal;
mod transparent;
