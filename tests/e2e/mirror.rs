//! The mirror as a device on the network meets it: who comes in, what they see, and what they cannot do.

mod announced;
mod attacks;
mod door;
mod ends;
mod follow;
mod kept;
mod live;
mod network;
mod page;
mod roles;
mod settings;
mod sheet;
mod sign_in;
