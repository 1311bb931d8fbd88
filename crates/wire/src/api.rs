//! REST and WebSocket API of `mirrord ui`.

mod auth;
mod comparison;
mod connections;
mod filter;
mod keys;
mod operator;
mod otlp;
mod record;
mod records;
mod search;
mod sessions;
mod suggestions;
mod version;
mod ws;

pub use auth::{SignedIn, Ticket};
pub use comparison::{Changed, Compared, Comparison, Difference, OnlyOne, Seen};
pub use connections::{Connections, Traffic};
pub use filter::{FilterProblem, FilterRefusal};
pub use keys::{KeyGroup, KeyKillStatus, KeyKilled};
pub use operator::{LockedPort, OperatorSession, OperatorSessions};
pub use otlp::{OtlpCounts, OtlpError, OtlpInfo};
pub use record::{RecordInfo, Timeline, TimelineBucket};
pub use records::{History, HistoryRecord, HistorySwitch, RecordOpened, Recording, RecordingSwitch};
pub use search::{Hit, SearchAnswer, SessionHits};
pub use sessions::{KillStatus, Killed, SessionDetail, SessionEnd, SessionName, SessionStatus, SessionSummary};
pub use suggestions::{Effect, Evidence, Suggestion, SuggestionKind, Suggestions};
pub use version::{Edition, License, VersionInfo};
pub use ws::WsMessage;
