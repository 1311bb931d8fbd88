//! Who asks, as far as a route has to know.

use mirrord_wire::mirror::Right;

use super::devices::Known;
use super::roles::Who;
use crate::store::Audience;

/// Who asks. Without anything known, it is nobody: closed by default.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) who: Who,
    /// The device, on the mirror.
    pub(crate) device: Option<Known>,
}

impl Default for Caller {
    fn default() -> Self {
        let who = Who::Stranger;
        Self { who, device: None }
    }
}

impl Caller {
    /// Whoever sits at the machine.
    pub(crate) fn desktop() -> Self {
        let who = Who::Desktop;
        Self { who, device: None }
    }

    /// A device that was recognised.
    pub(crate) fn device(known: Known) -> Self {
        Self {
            who: Who::Device(known.role),
            device: Some(known),
        }
    }

    /// For whom an answer is made.
    pub(crate) fn audience(&self) -> Audience {
        if self.who.may(Right::SeeSecrets) {
            Audience::Desktop
        } else {
            Audience::Device
        }
    }
}
