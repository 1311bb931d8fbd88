//! Caller of a route.

use mirrord_wire::mirror::Permission;

use super::devices::Known;
use super::permissions::Identity;
use crate::store::Audience;

/// Caller of a route; anonymous by default, which is closed.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub(crate) identity: Identity,
    /// The device, on the mirror.
    pub(crate) device: Option<Known>,
}

impl Default for Caller {
    fn default() -> Self {
        let identity = Identity::Anonymous;
        Self { identity, device: None }
    }
}

impl Caller {
    /// Caller on the desktop listener.
    pub(crate) fn desktop() -> Self {
        let identity = Identity::Desktop;
        Self { identity, device: None }
    }

    /// Signed-in device.
    pub(crate) fn device(known: Known) -> Self {
        Self {
            identity: Identity::Device(known.role),
            device: Some(known),
        }
    }

    /// Audience of its answers.
    pub(crate) fn audience(&self) -> Audience {
        if self.identity.may(Permission::SeeSecrets) {
            Audience::Desktop
        } else {
            Audience::Device
        }
    }
}
