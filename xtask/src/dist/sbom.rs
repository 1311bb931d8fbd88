//! Software bill of materials, as CycloneDX 1.6 JSON (<https://cyclonedx.org/docs/1.6/json/>).
//!
//! Without a serial number, which would be another one each time.

use anyhow::Result;
use serde_json::{Value, json};

use super::{
    archive,
    dependencies::{Dependencies, Package, key},
    release::Release,
};

/// Returns the document.
pub(super) fn document(dependencies: &Dependencies, release: &Release) -> Result<String> {
    let root = format!("mirrord@{}", release.version);
    let components: Vec<_> = dependencies
        .packages
        .values()
        .filter(|package| key(package) != root)
        .map(component)
        .collect();
    let uses: Vec<_> = dependencies
        .uses
        .iter()
        .map(|(own, used)| json!({"ref": purl(own), "dependsOn": used.iter().map(|own| purl(own)).collect::<Vec<_>>()}))
        .collect();
    let document = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "timestamp": timestamp(release.time),
            "component": {
                "type": "application",
                "bom-ref": purl(&root),
                "name": "mirrord",
                "version": release.version,
                "purl": purl(&root),
                "licenses": [{"license": {"id": "MIT"}}],
            },
        },
        "components": components,
        "dependencies": uses,
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&document)?))
}

fn component(package: &Package) -> Value {
    let id = purl(&key(package));
    let mut component = json!({
        "type": "library",
        "bom-ref": id,
        "name": package.name,
        "version": package.version,
        "purl": id,
    });
    if !package.licence.is_empty() {
        component["licenses"] = json!([{"expression": package.licence}]);
    }
    if let Some(checksum) = &package.checksum {
        component["hashes"] = json!([{"alg": "SHA-256", "content": checksum}]);
    }
    component
}

/// Package URL of the type cargo.
fn purl(key: &str) -> String {
    format!("pkg:cargo/{}", key.replace('+', "%2B"))
}

fn timestamp(time: u64) -> String {
    let (year, month, day) = archive::date(time / 86_400);
    let (hour, minute, second) = (time / 3600 % 24, time / 60 % 60, time % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}
