//! Hook of Trunk (`Trunk.toml`): puts the compiled catalogues into the page's folder, `i18n/<tag>.txt` for each language but
//! English.

use std::{env, error::Error, fs, path::Path};

use mirrord_catalogues::{Language, compile::Catalogue};

fn main() -> Result<(), Box<dyn Error>> {
    let staging = env::var_os("TRUNK_STAGING_DIR").ok_or("TRUNK_STAGING_DIR is not set: Trunk runs this, as a hook")?;
    let folder = Path::new(&staging).join("i18n");
    fs::create_dir_all(&folder)?;
    let english = Catalogue::read(Language::En, "page")?;
    for language in Language::TRANSLATED {
        let lines = Catalogue::read(language, "page")?.lines(&english);
        fs::write(folder.join(language.tag()).with_extension("txt"), lines)?;
    }
    Ok(())
}
