//! Supervisor of the mirror's listener: starts one for each change of the settings, and retries one that failed.
//!
//! It publishes the status of the mirror; each failure is logged once in a row.

use mirrord_session_client::Backoff;
use mirrord_wire::mirror::{AuditKind, MirrorState};
use tokio::time::sleep;

use super::listener::{ListenerContext, ListenerEnd, MirrorListener, SettingsReceiver};
use super::settings::Settings;
use super::state::ListenerStatus;

/// Supervisor of the mirror's listener.
pub(crate) struct ListenerSupervisor {
    context: ListenerContext,
    backoff: Backoff,
    /// Newest failure in a row.
    failure: Option<String>,
}

impl ListenerSupervisor {
    pub(crate) fn new(context: ListenerContext) -> Self {
        Self {
            context,
            backoff: Backoff::default(),
            failure: None,
        }
    }

    /// Runs until the shutdown.
    pub(crate) async fn run(mut self) {
        let mut receiver = self.context.mirror.requested.subscribe();
        loop {
            let (generation, settings) = receiver.borrow_and_update().clone();
            let failure = if settings.enabled {
                match self.listen(generation, &settings, &mut receiver).await {
                    Ok(ListenerEnd::Shutdown) => return,
                    Ok(ListenerEnd::Changed) => {
                        self.backoff.reset();
                        continue;
                    }
                    Ok(ListenerEnd::AddressGone) => Some((MirrorState::Waiting, gone(&settings))),
                    Err(failure) => Some(failure),
                }
            } else {
                None
            };
            self.publish(generation, failure);
            if !self.wait(&mut receiver, settings.enabled).await {
                return;
            }
        }
    }

    /// Waits for new settings or, where the mirror is on, for the next attempt; `false` at the shutdown.
    async fn wait(&mut self, settings: &mut SettingsReceiver, is_enabled: bool) -> bool {
        let delay = self.backoff.delay();
        tokio::select! {
            () = self.context.shutdown.cancelled() => false,
            changed = settings.changed() => {
                self.backoff.reset();
                changed.is_ok()
            }
            () = sleep(delay), if is_enabled => true,
        }
    }

    /// Publishes that the mirror is off, or the failure.
    fn publish(&mut self, generation: u64, failure: Option<(MirrorState, String)>) {
        let mirror = &self.context.mirror;
        let (state, reason) = failure.unzip();
        if let Some(reason) = reason.as_ref().filter(|reason| self.failure.as_ref() != Some(reason)) {
            tracing::warn!("the mirror: {reason}");
            mirror.lock().log(AuditKind::Failed, None, None, reason);
        }
        self.failure.clone_from(&reason);
        mirror.publish_status(ListenerStatus {
            generation,
            state: state.unwrap_or_default(),
            reason,
            ..ListenerStatus::default()
        });
    }

    async fn listen(
        &mut self,
        generation: u64,
        settings: &Settings,
        receiver: &mut SettingsReceiver,
    ) -> Result<ListenerEnd, (MirrorState, String)> {
        let listener = MirrorListener::bind(&self.context, generation, settings).await?;
        let mirror = &self.context.mirror;
        let bound = format!("on {}", listener.bound);
        mirror.lock().log(AuditKind::Started, None, None, &bound);
        self.failure = None;
        let end = listener.run(receiver).await;
        let mut state = mirror.lock();
        state.tickets.clear();
        state.log(AuditKind::Stopped, None, None, "");
        Ok(end)
    }
}

fn gone(settings: &Settings) -> String {
    format!(
        "the address {} went away; listening again as soon as it is back",
        settings.address
    )
}
