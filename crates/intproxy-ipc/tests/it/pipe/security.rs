//! Access to the pipe: the system's own record of it, read back from a client's handle.
//!
//! Windows acts on it; Wine keeps it and admits everybody, so that refusing another user cannot be shown there.
#![expect(unsafe_code, reason = "nothing safe reads a security descriptor back")]

use std::ffi::c_void;
use std::os::windows::io::AsRawHandle;
use std::ptr::null_mut;

use super::{connect, serve};

/// `SE_KERNEL_OBJECT`
const KERNEL_OBJECT: i32 = 6;
/// `DACL_SECURITY_INFORMATION`
const DISCRETIONARY_LIST: u32 = 4;
/// `SDDL_REVISION_1`
const REVISION: u32 = 1;

#[link(name = "advapi32")]
unsafe extern "system" {
    fn GetSecurityInfo(
        handle: *mut c_void,
        kind: i32,
        asked: u32,
        owner: *mut *mut c_void,
        group: *mut *mut c_void,
        dacl: *mut *mut c_void,
        sacl: *mut *mut c_void,
        descriptor: *mut *mut c_void,
    ) -> u32;
    fn ConvertSecurityDescriptorToStringSecurityDescriptorW(
        descriptor: *mut c_void,
        revision: u32,
        asked: u32,
        text: *mut *mut u16,
        length: *mut u32,
    ) -> i32;
}

#[link(name = "kernel32")]
unsafe extern "system" {
    fn LocalFree(memory: *mut c_void) -> *mut c_void;
}

/// The discretionary list of what `handle` is open on, in the security descriptor definition language.
fn discretionary_list(handle: &impl AsRawHandle) -> String {
    let mut descriptor = null_mut();
    let mut text = null_mut();
    let mut length = 0;
    // SAFETY: the handle is open, what is not asked for may be null, and each result is read only where the call says that
    // it is there, and freed once.
    unsafe {
        let handle = handle.as_raw_handle();
        let nothing = null_mut();
        let failed = GetSecurityInfo(
            handle,
            KERNEL_OBJECT,
            DISCRETIONARY_LIST,
            nothing,
            nothing,
            nothing.cast(),
            nothing.cast(),
            &raw mut descriptor,
        );
        assert_eq!(failed, 0, "GetSecurityInfo");
        let told = ConvertSecurityDescriptorToStringSecurityDescriptorW(
            descriptor,
            REVISION,
            DISCRETIONARY_LIST,
            &raw mut text,
            &raw mut length,
        );
        assert_ne!(told, 0, "ConvertSecurityDescriptorToStringSecurityDescriptorW");
        let wide = std::slice::from_raw_parts(text, length as usize);
        let list = String::from_utf16_lossy(wide).trim_end_matches('\0').to_owned();
        LocalFree(text.cast());
        LocalFree(descriptor);
        list
    }
}

#[tokio::test]
async fn every_instance_of_the_pipe_is_open_to_its_owner_alone() {
    let sessions = tempfile::tempdir().unwrap();
    let (marker, _tx, _session) = serve(sessions.path(), "closed");
    // The first instance was made by the listener, the others are made as clients come.
    let mut clients = Vec::new();
    for _ in 0..3 {
        let client = connect(&marker).await.unwrap();
        let list = discretionary_list(&client);
        clients.push(client);
        let entries: Vec<&str> = list.split(['(', ')']).filter(|part| !part.is_empty()).collect();
        let [flags, entry] = entries[..] else {
            panic!("one entry and no more: {list}");
        };
        assert_eq!(flags, "D:P", "nothing is inherited: {list}");
        let fields: Vec<&str> = entry.split(';').collect();
        assert_eq!((fields[0], fields[1]), ("A", ""), "{list}");
        assert!(["OW", "S-1-3-4"].contains(&fields[5]), "the owner's rights: {list}");
    }
}
