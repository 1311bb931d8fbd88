//! `mirrord exec`: what it sees of a real program, and what it leaves alone.

mod sees;
mod survives;
mod terminal;
mod transparent;
