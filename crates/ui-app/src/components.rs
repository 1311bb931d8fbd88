//! What is shown, in small parts: each takes the signals it needs and gives a view.
#![expect(unreachable_pub, reason = "the component macro makes the parts of a component `pub`")]

pub(crate) mod arrange_bar;
pub(crate) mod copy;
pub(crate) mod detail;
pub(crate) mod dialog;
pub(crate) mod dynamic;
pub(crate) mod header;
pub(crate) mod histogram;
pub(crate) mod key_list;
pub(crate) mod keys;
pub(crate) mod kinds;
pub(crate) mod log_rows;
pub(crate) mod log_view;
pub(crate) mod mirror;
pub(crate) mod notice;
pub(crate) mod overview;
pub(crate) mod palette;
pub(crate) mod preferences;
pub(crate) mod session_list;
pub(crate) mod session_menu;
pub(crate) mod session_row;
pub(crate) mod session_tools;
pub(crate) mod sparkline;
pub(crate) mod table;
pub(crate) mod tabs;
pub(crate) mod terms;
pub(crate) mod toolbar;
pub(crate) mod views;
