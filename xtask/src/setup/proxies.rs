//! socat and nginx, which `bench mirror` measures `mirrord proxy` beside. Where one is missing and may not be installed,
//! its rows are left out.

use std::path::{Path, PathBuf};

use anyhow::Result;

use super::{apt_packages, install::on_path};
use crate::paths::Paths;

/// Debian's nginx has its stream proxy as a module, in a package of its own.
const PACKAGES: [&str; 3] = ["socat", "nginx", "libnginx-mod-stream"];
/// A daemon's folder is not on everybody's PATH.
const NGINX: [&str; 2] = ["/usr/sbin/nginx", "/usr/local/sbin/nginx"];
const STREAM_MODULE: &str = "/usr/lib/nginx/modules/ngx_stream_module.so";

/// The proxies that are there to compare with.
#[derive(Debug)]
pub(crate) struct Proxies {
    pub(crate) socat: Option<PathBuf>,
    pub(crate) nginx: Option<PathBuf>,
    /// The stream proxy's module; nginx may have it inside.
    pub(crate) nginx_stream: Option<PathBuf>,
}

impl Proxies {
    fn find() -> Self {
        let file = |place: &str| Some(Path::new(place).to_path_buf()).filter(|place| place.is_file());
        Self {
            socat: on_path(&["socat"]),
            nginx: on_path(&["nginx"]).or_else(|| NGINX.iter().find_map(|place| file(place))),
            nginx_stream: file(STREAM_MODULE),
        }
    }

    fn are_all_there(&self) -> bool {
        self.socat.is_some() && self.nginx.is_some()
    }

    fn how(&self) -> String {
        let shown = |found: &Option<PathBuf>| {
            found
                .as_ref()
                .map_or("not there".into(), |path| path.display().to_string())
        };
        format!("socat {}, nginx {}", shown(&self.socat), shown(&self.nginx))
    }
}

pub(super) fn find_or_install(paths: &Paths) -> Result<(String, Proxies)> {
    let found = Proxies::find();
    if found.are_all_there() {
        return Ok((found.how(), found));
    }
    if let Some(by_hand) = apt_packages::by_hand(&PACKAGES) {
        eprintln!("  socat or nginx is missing, and so are its rows: {by_hand} brings them");
        return Ok((found.how(), found));
    }
    eprintln!("  installing socat and nginx with apt-get, to compare with");
    if let Err(error) = apt_packages::install(paths, "proxies", &PACKAGES) {
        eprintln!("  apt-get cannot install them, so their rows are missing: {error:#}");
    }
    let found = Proxies::find();
    Ok((found.how(), found))
}
