//! One session's log, as it is looked at: the ring of rows, the view that a filter makes of it, and the merge that puts
//! what was fetched and what arrives into one sequence without gap or overlap.

pub mod entry;
pub mod fold;
pub mod followed;
pub mod reorder_buffer;
pub mod ring;
pub mod session_log;
pub mod snapshot_merge;
pub mod view;
pub mod viewport;
pub mod window;

pub use entry::{ENDED, Entry, Missed, STARTED};
pub use fold::Fold;
pub use followed::Followed;
pub use ring::Ring;
pub use session_log::{Load, SessionLog};
pub use view::View;
pub use viewport::{Anchor, Viewport};
pub use window::Geometry;
