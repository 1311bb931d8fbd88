//! Setting of the history: off unless it was turned on.

use mirrord_private_files::PrivateFolder;
use serde::{Deserialize, Serialize};

const FILE: &str = "settings.json";
const VERSION: u32 = 1;
/// Bytes of the file, several times what it has.
const MAX_FILE_BYTES: usize = 4 * 1024;

/// Content of the file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    version: u32,
    enabled: bool,
}

/// File of the setting.
#[derive(Debug)]
pub(super) struct Setting(PrivateFolder);

impl Setting {
    pub(super) fn new(folder: PrivateFolder) -> Self {
        Self(folder)
    }

    /// Reads it; off where there is none.
    ///
    /// # Errors
    /// The file cannot be used, with its path.
    pub(super) fn load(&self) -> Result<bool, String> {
        let text = self.0.read(FILE, MAX_FILE_BYTES).map_err(|error| error.to_string())?;
        let Some(text) = text else { return Ok(false) };
        match serde_json::from_slice(&text) {
            Ok(Document {
                version: VERSION,
                enabled,
            }) => Ok(enabled),
            _ => Err(format!(
                "the setting of the history in {} cannot be used, and it is off: remove the file, or turn it on again",
                self.0.path(FILE).display()
            )),
        }
    }

    /// Writes it down.
    ///
    /// # Errors
    /// It cannot be written, with its path.
    pub(super) fn save(&self, enabled: bool) -> Result<(), String> {
        let version = VERSION;
        let text = serde_json::to_vec(&Document { version, enabled }).map_err(|error| error.to_string())?;
        self.0.replace(FILE, &text).map_err(|error| error.to_string())
    }
}
