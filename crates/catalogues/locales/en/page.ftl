# Texts of the page in English: the catalogue that the others are translated from.
#
# Syntax: https://projectfluent.org. `{ $name }` is where the page puts a value; a text that depends on a number has its forms
# in a selector on `$count`, by the plural categories of CLDR. A text without a translation is shown in English.

app-name = mirrord
title = Session Monitor
edition-oss = OSS
edition-teams = Teams
edition-unknown = edition unknown
license-until = until { $date }
license-expired = expired { $date }
upgrade = Upgrade to Teams
opens-new-tab = Opens in a new tab
all-sessions = mirrord, all sessions
connecting = Connecting
syncing = Syncing
live = Live
retrying = Retrying in { $seconds } s
retrying-now = Retrying
signed-out = Signed out
retry-now = Retry now
sessions-count = { $count ->
    [one] { $count } session
   *[other] { $count } sessions
}
per-second = { $rate }/s
dropped = { $count ->
    [one] { $count } dropped
   *[other] { $count } dropped
}
dropped-hint = Events that were lost between a session and this page
preferences = Preferences
theme = Theme
theme-is = Theme: { $theme }
theme-system = System
theme-light = Light
theme-dark = Dark
density = Density
density-compact = Compact
density-comfortable = Comfortable
times = Times
times-absolute = Time of day
times-relative = How long ago
times-since-start = Since the start
language = Language
language-of-browser = As the browser
single-keys = Shortcuts of single keys
show-env-values = Show values of variables
notify = Notify when a session ends
notify-blocked = The browser blocks notifications of this page: allow them in its settings.
notify-insecure = Notifications need https, or this machine’s own browser.
notify-missing = This browser has no notifications.
notify-many = { $count ->
    [one] { $count } session ended
   *[other] { $count } sessions ended
}
skip = Skip to the content
sessions = Sessions
filter-sessions = Filter sessions
group-live = live
group-unresponsive = not answering
group-ended = ended
none-matches = No session matches.
more-sessions = { $count ->
    [one] { $count } more session is not listed
   *[other] { $count } more sessions are not listed
}
no-command = (command not known)
targetless = no target
processes = { $count ->
    [one] { $count } process
   *[other] { $count } processes
}
status-live = live
status-unresponsive = not answering
status-ended = ended
row-started = started
row-ended = ended
ended-ago = { $time } ago
seconds = { $number } s
minutes = { $number } min
hours = { $number } h
days = { $number } d
empty-title = No session is running
empty-text = Run your program under mirrord, and it shows up here at once:
empty-foot = A session of a released mirrord is found, too.
loading-title = Looking for sessions…
loading-sessions = This takes a moment.
unreachable-title = mirrord ui does not answer
unreachable-text = It may have been stopped. Start it again; this page comes back by itself:
signed-out-title = You are signed out
signed-out-text = This page needs the link with the token of the running mirrord ui. Print it with:
signed-out-foot = Then open the link it prints in this browser.
try-again = Try again
stopped-title = This page has stopped
stopped-text = Something in it went wrong. The sessions go on: reload the page to see them. The report helps to mend it.
reload = Reload
copy-report = Copy report
copy = Copy
copied = Copied
copy-table = Copy as text
printed-part = Printed is what was in sight. For all of it, use on the page: { $action }
copy-failed = Select and copy by hand
copy-id = Copy id
copy-json = Copy JSON
gone-title = This session is not here
gone-text = It ended before mirrord ui was started, was dismissed, or the link is of another machine.
back-to-list = All sessions
views = Views of the session
tab-events = Events
tab-files = Files
tab-network = Network
tab-ports = Ports
tab-environment = Environment
tab-processes = Processes
tab-config = Config
tab-stats = Stats
kind-file = files
kind-dns = dns
kind-connect = connections
kind-port = ports
kind-request = requests
kind-env = env
kind-process = processes
kind-other = other
one-file = file
one-dns = dns
one-connect = connect
one-port = port
one-request = request
one-env = env
one-process = process
one-other = other
filter-kinds = Kinds of events
chip-hint = Click to show or hide, Alt-click to show alone
search = Words, field:value, /regex/
search-label = Search the events
bad-pattern = Not a valid pattern
pause = Pause
resume = Resume
plus-waiting = +{ $count }
clear = Clear
clear-hint = Empties this log. The counts stay.
log-label = Events of the session
log-loading = Fetching what happened so far…
log-failed = What happened before could not be fetched.
log-empty = Nothing has happened yet. Events appear here as the program runs.
log-empty-ended = Nothing is kept of this session.
log-cleared = Cleared. New events appear here.
log-cleared-ended = Cleared.
undo-clear = Undo clear
requests-not-seen = Requests cannot be seen in this session: it serves no port of a target.
nothing-seen = Nothing of this was seen before the session ended.
before-start = before the start: { $count }
ended-broken = its mirrord was killed
held-here = mirrord ui no longer knows it; this page holds what it saw
stale-foot = No connection
stale-since = Everything below is from { $time }.
stale-signed-out = mirrord ui was started anew. Print its link and open it in this browser.
blocked-title = mirrord ui refuses this address
blocked-text = A proxy changes the Host header. Start mirrord ui so that it knows this page's name:
socket-title = The live connection does not open
socket-text = Requests are answered, the WebSocket at /ws is not: something between blocks it. Let WebSockets through there.
no-cookies-text = This browser keeps no cookies here. Print the link with the token:
no-cookies-foot = Then open it with #token= in place of ?token=.
incomplete = Incomplete: what goes through { $means } is not seen
log-no-match = No event matches the filter.
clear-filter = Show all
log-searching = Searching…
missed-lost = { $count ->
    [one] { $count } event was not received here
   *[other] { $count } events were not received here
}
missed-withheld = { $count ->
    [one] { $count } event was told as a count alone
   *[other] { $count } events were told as counts alone
}
missed-older = { $count ->
    [one] { $count } earlier event is not kept here
   *[other] { $count } earlier events are not kept here
}
following = Following · newest at the bottom
not-following = Not following
paused = Paused · { $count } wait
ended-foot = Ended
jump = Jump to newest
shown = { $shown } of { $total } shown
ring-dropped = { $count } older given up
histogram = Events over time
histogram-says = at most { $count } events in { $time }
remote = remote
local = local
not-found = not found
detail = Event
close = Close
field-path = path
field-operation = operation
field-host = host
field-address = address
field-port = port
field-protocol = protocol
field-mode = mode
field-filter = filter
field-method = method
field-variables = variables
field-command = command
field-parent = parent
field-process = process
field-time = time
field-routing = routing
field-rule = decided by
into-session = { $time } in
show-values = Show values
hide-values = Hide values
keys-title = Keyboard shortcuts
keys-hint = ? keys
keys-anywhere = Anywhere
keys-session = In a session
keys-log = In the log
key-neighbours = Previous, next session
key-theme = Next theme
key-move = Next, previous row
key-details = Details of the row
key-pause = Pause, or go on
palette = Search or jump to
palette-placeholder = Search or jump to…
palette-found = { $count ->
    [one] { $count } entry
   *[other] { $count } entries
}
palette-nothing = Nothing is called that.
palette-searching = Searching all sessions…
palette-partial = There may be more: type more of it.
palette-failed = The sessions could not be searched.
palette-not-kept = not kept any more
actions = Action
search-view = Filter this table
no-row-matches = Nothing here matches the filter. Clear it to see everything.
covers-all = Counts since the session began
covers-some = Counts of { $count } events
column-operations = operations
column-first = first
column-last = last
column-destination = destination
column-name = name
column-connections = connections
column-led-to = led to
column-lookups = look-ups
column-since = since
column-arrived = what arrived
column-requests = requests
column-value = value
column-fetched = fetched
column-pid = pid
column-ended = ended
tab-summary = Summary
worth-a-look = Worth a look
nothing-stands-out = Nothing stands out so far.
nothing-stood-out = Nothing stood out.
show-rows = Rows
found-died = { $command } died of { $signal }.
found-bind-failed = Port { $port } could not be listened on.
found-refused = Connections to { $destination } fail.
found-not-followed = { $name } was looked up, and no connection followed.
found-no-answer = { $destination } does not answer.
found-again = { $path } is looked for again and again, in vain.
found-denied = { $path } may not be opened.
found-nowhere = { $name } was looked for and found nowhere.
found-unreached = No connection has reached port { $port }.
places-count = { $count ->
    [one] { $count } place
   *[other] { $count } places
}
files-looked-for = Files looked for
processes-died = Processes that died
column-where = where
column-result = outcome
column-times = times
column-traffic = in / out
column-listens = listens on
column-came = came
answer-found = found
answer-written = written
answer-denied = no permission
answer-connected = connected
answer-failed = failed
answer-pending = no answer yet
never = never
died-of = died of { $signal }
ended-with = exit code { $code }
not-listening = could not be listened on
loopback-only = loopback only
ipv6-only = IPv6 only
failures = { $count } failed
failed-only = Failed only
with-children = With its children
follow-process = Follow { $process }
followed = Only { $process } and its children, in every view
all-processes = All processes
column-folder = folder
no-connection-since = no connection since { $time }
held-by = held by { $process }
listens-no-more = listens no more
listeners = Listens
column-remark = remark
as-tree = Tree
not-found-count = { $count } not found
paths-count = { $count ->
    [one] { $count } path
   *[other] { $count } paths
}
files-inside = { $count } inside
all-paths = All paths
files-written = Written
found-in-place = found in place { $place } of { $total }
looked-for-in = Where { $name } was looked for
path-story = What happened to this path
outcome-over-time = Outcome over time
show-all = Show all { $number }
show-fewer = Show fewer
files-empty = No file has been touched yet. Paths appear here as the program opens, reads or looks for them.
more-events = { $count ->
    [one] { $count } event of others, for which there was no room
   *[other] { $count } events of others, for which there was no room
}
destinations = Connections
destinations-empty = No outgoing connection yet. Destinations appear here as soon as the program connects.
lookups = Names asked for
lookups-empty = No DNS query yet. Names appear here as soon as the program looks one up.
column-duration = duration
open-now = open
unix-sockets = Unix sockets
no-connection = no connection followed
sure-likely = likely
sure-perhaps = perhaps
sure-note = Which name led to an address is concluded: the same process asked for it up to 5 s before it connected. Likely: it was the only one. Perhaps: the last of several.
ports-empty = No port is subscribed to. Ports appear here when the program listens and the session serves them.
port-nothing = Subscribed, nothing has arrived in { $time }
port-nothing-yet = Subscribed, nothing has arrived so far
port-not-watched = A local port: what arrives at it is not watched
all-ports-together = { " " }· of all ports together, since a request does not say its port
requests-count = { $count ->
    [one] { $count } request
   *[other] { $count } requests
}
the-last = the last { $time }
requests = Requests that arrived
requests-empty = No request has arrived yet. Send one to the target; if its filter lets it through, it shows up here.
environment-empty = No variable has been fetched. They appear here when the session fetches the target's environment.
variables-count = { $count ->
    [one] { $count } variable
   *[other] { $count } variables
}
value-unknown = only the name is known
show-all-values = Show all values
hidden-note = Hidden means out of sight: a click shows a value. Programs that may use the API of this mirrord ui see them all the same. They are never sent to a phone.
processes-empty = No process is known yet. Processes appear here as they start under the session.
running-count = { $count ->
    [one] { $count } running
   *[other] { $count } running
}
more-processes = { $count ->
    [one] { $count } more was not kept
   *[other] { $count } more were not kept
}
still-runs = runs
ran-for = ran { $time }
config-asked = Asking the session for its configuration…
config-failed = The configuration could not be fetched.
config-none = This session runs without a configuration file. Start one with mirrord exec -f mirrord.json to have its rules here.
config-no-text = The session names the file, but does not say what is in it.
decided-count = { $count ->
    [one] decided { $count } event
   *[other] decided { $count } events
}
default-rules = Rules that the file does not name
default-rules-note = These decided by default. Naming one in the file overrides it.
what-if = What if
what-if-hint = Edit the config and see what it would change in this run
what-if-loading = Loading the evaluator and the events of this run…
what-if-failed = The evaluator or the events could not be loaded.
what-if-label = Config to try
what-if-decided = Events decided anew: { $count }
what-if-range = events { $first } to { $last }
what-if-problems = Errors: { $count }. Nothing is decided until they are gone.
what-if-at = line { $line }, column { $column }
what-if-resolved = The text of a JSON file is not known here: this is the config as it was understood.
what-if-none = This run had no config: it is compared with the defaults of mirrord.
what-if-variables = Variables that went before the file and are not in this text: { $names }
what-changes = What changes
changes-before = before
changes-after = after
what-if-same = Decided as before: { $count }
what-if-omitted = And more: { $count }
what-if-missing = Missing facts, which only the cluster or the machine knows
what-if-unhooked = Calls that mirrord never sees: { $count }
suggestions = Suggestions
suggestions-note = From this run alone. A change is merged into the config.
suggestions-variables = Environment variables go before the file: no change of it is suggested.
suggestion-try = Try it in “What if”
suggestion-rows = Operations: { $count }
suggestion-changed = Decided otherwise: { $count }
suggestion-unchanged = Changes nothing in this run
suggestion-excluded-variable = Excluded, and its local value was used
suggestion-uncovered-destination = In no entry of the filter
suggestion-looks-remote = Looked for here in vain; perhaps it is in the cluster
suggestion-looks-local = Looks like this machine’s, and would be read in the cluster
suggestion-exists-locally = Exists here, and would be read in the cluster
suggestion-aws-mapped = Mapped to another place by default
suggestion-unused-port = Would be subscribed, and nothing arrived
suggestion-unused-rule = Decided nothing in this run
nothing-redirected = Nothing was redirected: the routing is where each operation would go by this config.
never-matched = never matched
depends = depends
unhooked-static = not hooked: static program
unhooked-loader = not hooked: by the loader
download = Download
figure-total = events
figure-rate = rate now
figure-peak = busiest second
figure-lost = lost on the way
figure-withheld = told as counts alone
figure-older = before the oldest kept
figure-given-up = given up by this page's log
routing-unknown = not told by this session
events-count = { $count ->
    [one] { $count } event
   *[other] { $count } events
}
chart-hint = Point at the chart, or focus it and use the arrow keys, to read its numbers.
each-bar = One bar is { $time }
as-table = The chart as a table
top-paths = Most touched paths
top-hosts = Most asked for names
only-like = Only like this
hide-like = Hide like this
any-process = Any process
any-routing = Any routing
filter-process = Filter by process
filter-routing = Filter by routing
export = Export
export-hint = Saves the rows that are shown; hidden values are left out
more-characters = { $count ->
    [one] … { $count } more character; the copy has all
   *[other] … { $count } more characters; the copy has all
}
no-namespace = no namespace
no-key = no key
overview = All sessions
group-by = Group
sort-by = Sort
by-status = Status
by-target = Target
by-namespace = Namespace
by-key = Key
by-nothing = None
sort-newest = Newest
sort-name = Name
sort-rate = Rate
sort-events = Events
sort-own = Own order
column-status = status
column-session = session
column-processes = processes
column-ports = ports
column-rate = rate
column-routing = routing
column-events = events
column-age = age
routing-mock = mock
routing-error = error
choose-session = Choose { $session }
chosen-count = { $count ->
    [one] { $count } chosen
   *[other] { $count } chosen
}
show-together = Show together
at-most-together = At most { $count } sessions fit into one log.
clear-chosen = Choose none
move-session = Move { $session }: arrow up, arrow down
moved-to = { $session }: place { $place }
menu-of = Actions for { $session }
details = Details
pin = Pin
unpin = Unpin
move-up = Move up
move-down = Move down
pinned-word = pinned
open-on-desktop = open on the desktop
key-label = Key, for grouping
copy-socket = Copy socket path
end-ask = End…
end-title = End this session?
end-text = This ends the command and every process it started:
end-force = They are asked to end, and after 5 s they are made to.
end-released = A released mirrord cannot end its program from here, only its own session API. End the program by its processes:
end-no-process = No process of it is known.
end-now = { $count ->
    [one] End { $count } process
   *[other] End { $count } processes
}
end-session = End the session
cancel = Cancel
ending = Ending…
has-ended = It has ended.
still-ending = It took the request and has not ended within 10 s. It goes on trying; this page shows when it has.
end-failed = It could not be ended.
dismiss = Dismiss
dismiss-all = { $count ->
    [one] Dismiss { $count } ended
   *[other] Dismiss all { $count } ended
}
dismiss-failed = It could not be dismissed.
rename = Rename…
rename-title = Name this session
rename-label = Name
rename-text = Shown wherever the session is. Empty, it has the name that it started with, or its command.
rename-save = Save the name
audit-named-session = session named
show-more = { $count ->
    [one] Show { $count } more
   *[other] Show { $count } more
}
together = { $count ->
    [one] { $count } session together
   *[other] { $count } sessions together
}
legend = Sessions of this log
of-session = { $session }: { $text }
not-here = not here
key-choose = Choose the session under the focus
keys-overview = In the overview
mirror-title = Show on your phone
mirror-heading = Your sessions on your phone
mirror-lead = The same page, live, on a device of your network; without secret values.
mirror-settings = Settings
mirror-off = Off
mirror-on = On, nobody connected
mirror-connected = { $count ->
    [one] { $count } connected
   *[other] { $count } connected
}
mirror-waiting = Cannot be reached now
mirror-failed = Could not start
mirror-local = This machine
mirror-network = Network
mirror-user = User name
mirror-password = Password
mirror-from-settings = the one from the settings
mirror-from-environment = the one from the environment
mirror-for-this-run = for this run
mirror-connected-now = connected now
mirror-no-answer = No answer. Does mirrord ui still run?
mirror-pair-title = Pair a phone
mirror-pair-text = Scan the code with the phone's camera. It lets one device in, once, within five minutes.
mirror-pair-off = Turn the mirror on first.
mirror-pair = Show a code
mirror-new-code = New code
mirror-code = QR code of the address beside it
mirror-time-left = Good for { $time }
mirror-too-old = This code is too old. Make a new one.
mirror-used-by = Used by { $device }
mirror-copy-address = Copy address
mirror-devices = Devices
mirror-no-devices = No device is signed in.
mirror-device-name = Name of the device
mirror-viewer = viewing only
mirror-controller = may end sessions
mirror-grant = Let it end sessions…
mirror-take-back = Viewing only
mirror-revoke = Revoke…
mirror-revoke-all = Revoke all devices…
mirror-seen = last seen { $time }
mirror-signed-in = signed in { $time }
mirror-expires = signs in anew in { $time }
mirror-grant-ask = Let “{ $device }” end sessions?
mirror-grant-text = Whoever holds it can then end any session and its processes, and give sessions names. It still sees no secret values.
mirror-grant-go = Let it end sessions
mirror-revoke-ask = Revoke “{ $device }”?
mirror-revoke-all-ask = Revoke all devices?
mirror-revoke-text = It is signed out at once. The password stays: change it where somebody should not have it.
mirror-revoke-go = Revoke
mirror-networks = Network interface
mirror-everywhere = All networks
mirror-not-here = { $device } · not here now
mirror-port = Port
mirror-port-hint = 1 to 65535
mirror-port-wrong = A number between 1 and 65535.
mirror-user-hint = Empty: the environment's, or mirrord.
mirror-password-hint = 8 to 256 characters, never shown. Signed-in devices stay signed in.
mirror-password-wrong = It has 8 to 256 characters.
mirror-password-set = Set; type a new one
mirror-password-none = Random; type your own
mirror-password-go = Set
mirror-password-random = Back to a random one
mirror-tls = Encryption
mirror-tls-off = Off
mirror-tls-private = Private authority
mirror-tls-own = Own certificate
mirror-tls-off-hint = Whoever shares the network can read along.
mirror-tls-private-hint = Made on this machine; a phone has to trust it once.
mirror-tls-own-hint = Absolute paths of two PEM files.
mirror-tls-go = Use this certificate
mirror-certificate = Certificate
mirror-key = Key
mirror-trust = Trust it on a phone
mirror-trust-open = Open this on the phone, past the warning:
mirror-trust-compare = Compare this fingerprint; where it differs, stop:
mirror-trust-install = Install the certificate as that page says.
mirror-trust-download = Download the certificate
mirror-names = Other names
mirror-names-hint = Other host names of this machine, with commas between them.
mirror-auto-start = Start with mirrord ui
mirror-mdns = Announce name and port on the network
mirror-command-lines = Show devices whole command lines, passwords in them too
mirror-audit = What happened
mirror-audit-text = The newest first, without secrets.
mirror-audit-empty = Nothing yet.
mirror-banner = Mirror of { $machine } · viewing only
mirror-banner-ends = Mirror of { $machine } · may end sessions
mirror-sign-out = Sign out
mirror-sign-in = Sign in
mirror-turned-out-title = This device is signed out
mirror-turned-out = It was revoked or signed out, or its 30 days are over. Sign in again to go on.
mirror-turned-out-foot = Or scan a new code from the desktop.
mirror-elsewhere-title = The settings are on the desktop
mirror-elsewhere = Open mirrord ui on the machine itself.
mirror-values = Values stay on the desktop; a device is told the names alone.
audit-started = listening
audit-stopped = stopped
audit-failed = could not listen
audit-signed-in = signed in
audit-sign-in-failed = sign-in refused
audit-throttled = told to wait
audit-ticket-made = code made
audit-paired = paired
audit-pairing-failed = code refused
audit-signed-out = signed out
audit-revoked = revoked
audit-device-changed = device changed
audit-refused = refused
audit-ended-session = session ended
audit-settings-changed = settings changed

# The search box, and what a filter means. A column is a word such as "path"; values have their quotes.
search-any-column = any column
search-has = { $column } contains { $value }
search-is = { $column } is { $value }
search-like = { $column } is like { $value }
search-matches = { $column } matches { $value }
search-descends = process { $process } or one that it started
search-present = { $column } is known
search-and = { $first }, and { $second }
search-or = { $first }, or { $second }
search-not = not: { $what }
search-no-field = There is no field { $name }
search-did-you-mean = { $problem }; did you mean { $name }?
search-no-value = { $field }: has no value { $value }
search-not-number = { $field }: takes a number or a range, and { $value } is none
search-not-time = { $value } is no time
search-unfinished = Not finished yet: { $part }
search-no-group = This ) has no (
search-too-much = Too much for one filter
field-direction = direction
field-size = size
field-name = name
match-place = { $place } of { $total }
match-next = Next match
match-previous = Previous match
key-matches = Next or previous match
saved-filters = Saved filters
save-filter = Save this filter
filter-name = Name
delete-filter = Delete { $name }
apply-filter = Filter by { $filter }
milliseconds = { $number } ms
times-since-before = Since the row before
outcome-ok = ok
outcome-denied = no permission
outcome-connected = connected
outcome-failed = failed
outcome-pending = no answer yet
exit-code = exit { $code }
operation-lookup = look-up
bytes-in = { $bytes } in
bytes-out = { $bytes } out
repeats = ×{ $count } in { $time }
fold-repeats = Fold repeats
columns = Columns
column-type = type
column-what = what
column-outcome = outcome
around = ±1 s around it
all-times = All times
copy-path = Copy path or address
copy-row = Copy row
copy-command = Copy as command
row-absent = Event #{ $row } of this link is not kept here.
histogram-scale = Heights are square roots
timeline-hint = Drag for a range of time; with keys: arrows, Shift and arrows, Esc
failed-count = { $count ->
   [one] { $count } failed
  *[other] { $count } failed
}
remove-term = Remove: { $term }
play = Play
moments = Moments of the record
moment-event = event { $event } of { $total }
whole-record = Whole record
speed = Speed
comparison = Comparison
compare = Compare
swap = Swap
compare-again = Compare again
nothing-differs = Nothing differs.
names-alike = Alike: { $count }
not-compared = Events of further names, not compared: { $count }
only-first = only in the first
only-second = only in the second
changed-between = different
other-value = another value
just-seen = seen
show-its-events = Show its events
drop-record = Drop records here to open them
opening-record = Opening { $name }…
not-opened = { $name } was not opened: { $reason }
open-record = Open a record…
history-title = History
record = Record
stop-recording = Stop recording
record-hint = Keeps the session in a file on this machine
save-record = Save
save-record-hint = Saves what is kept of the session as a record, which opens by a drop on this page
recording-to = Recording to { $file }
recording-ended = { $file }: the recording has ended: { $reason }
history-lead = Sessions that have ended, kept as records on this machine. Values of variables are not in them.
keep-history = Keep sessions that end
search-history = Search the history
history-off = Sessions are not kept. Turn it on to find them here after they have ended.
history-empty = Nothing is kept yet. Sessions appear here once they have ended.
history-bytes = { $bytes } of { $limit }
history-days = days at most: { $count }
delete = Delete
delete-for-good = Delete for good?
end-group = End all
end-group-sure = End all { $count }?
otlp-sent = { $sent } sent to { $endpoint }
