//! Signals around the plain structs of `state`, and the methods that change them. No requests and no views.

pub(crate) mod mirror;
pub(crate) mod model;
pub(crate) mod overview;
