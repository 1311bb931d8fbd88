# ไทย

# Same as in English.
app-name = mirrord
title = ตัวตรวจสอบเซสชัน
# Same as in English.
edition-oss = OSS
# Same as in English.
edition-teams = Teams
edition-unknown = ไม่ทราบรุ่น
license-until = ถึง { $date }
license-expired = หมดอายุ { $date }
upgrade = อัปเกรดเป็น Teams
opens-new-tab = เปิดในแท็บใหม่
all-sessions = mirrord เซสชันทั้งหมด
connecting = กำลังเชื่อมต่อ
syncing = กำลังซิงค์
live = สด
retrying = ลองใหม่ใน { $seconds } วินาที
retrying-now = กำลังลองใหม่
signed-out = ออกจากระบบแล้ว
retry-now = ลองใหม่ทันที
sessions-count = { $count ->
   *[other] { $count } เซสชัน
}
# Same as in English.
per-second = { $rate }/s
dropped = { $count ->
   *[other] สูญหาย { $count }
}
dropped-hint = เหตุการณ์ที่สูญหายระหว่างเซสชันกับหน้านี้
preferences = ค่ากำหนด
theme = ธีม
theme-is = ธีม: { $theme }
theme-system = ตามระบบ
theme-light = สว่าง
theme-dark = มืด
density = ความหนาแน่น
density-compact = กระชับ
density-comfortable = โปร่ง
times = เวลา
times-absolute = เวลาของวัน
times-relative = ผ่านมานานเท่าใด
times-since-start = ตั้งแต่เริ่ม
language = ภาษา
language-of-browser = ตามเบราว์เซอร์
single-keys = ทางลัดแบบปุ่มเดียว
show-env-values = แสดงค่าของตัวแปร
skip = ข้ามไปที่เนื้อหา
sessions = เซสชัน
filter-sessions = กรองเซสชัน
group-live = ทำงานอยู่
group-unresponsive = ไม่ตอบสนอง
group-ended = สิ้นสุดแล้ว
none-matches = ไม่มีเซสชันที่ตรงกัน
more-sessions = { $count ->
   *[other] ยังมีอีก { $count } เซสชันที่ไม่ได้แสดง
}
no-command = (ไม่ทราบคำสั่ง)
targetless = ไม่มีเป้าหมาย
processes = { $count ->
   *[other] { $count } โปรเซส
}
status-live = ทำงานอยู่
status-unresponsive = ไม่ตอบสนอง
status-ended = สิ้นสุดแล้ว
row-started = เริ่ม
row-ended = สิ้นสุดแล้ว
ended-ago = { $time }ที่แล้ว
seconds = { $number } วินาที
minutes = { $number } นาที
hours = { $number } ชม.
days = { $number } วัน
empty-title = ไม่มีเซสชันที่ทำงานอยู่
empty-text = เรียกใช้โปรแกรมด้วย mirrord แล้วจะปรากฏที่นี่ทันที:
empty-foot = พบเซสชันของ mirrord รุ่นที่เผยแพร่แล้วด้วย
loading-title = กำลังค้นหาเซสชัน…
loading-sessions = โปรดรอสักครู่
unreachable-title = mirrord ui ไม่ตอบสนอง
unreachable-text = อาจหยุดทำงานไปแล้ว เริ่มใหม่แล้วหน้านี้จะกลับมาเอง:
signed-out-title = คุณออกจากระบบแล้ว
signed-out-text = หน้านี้ต้องใช้ลิงก์ที่มีโทเค็นของ mirrord ui แสดงลิงก์ด้วยคำสั่ง:
signed-out-foot = แล้วเปิดลิงก์ที่แสดงในเบราว์เซอร์นี้
try-again = ลองอีกครั้ง
stopped-title = หน้านี้หยุดทำงานแล้ว
stopped-text = เกิดข้อผิดพลาดในหน้านี้ เซสชันยังทำงานต่อ โหลดหน้าใหม่เพื่อดู รายงานช่วยให้แก้ไขข้อผิดพลาดได้
reload = โหลดใหม่
copy-report = คัดลอกรายงาน
copy = คัดลอก
copied = คัดลอกแล้ว
copy-table = คัดลอกเป็นข้อความ
printed-part = พิมพ์เฉพาะส่วนที่มองเห็น หากต้องการทั้งหมด ให้ใช้ในหน้านี้: { $action }
copy-failed = เลือกแล้วคัดลอกเอง
copy-id = คัดลอก ID
copy-json = คัดลอก JSON
gone-title = ไม่มีเซสชันนี้ที่นี่
gone-text = สิ้นสุดก่อนที่ mirrord ui จะเริ่ม ถูกนำออกแล้ว หรือลิงก์เป็นของเครื่องอื่น
back-to-list = เซสชันทั้งหมด
views = มุมมองของเซสชัน
tab-events = เหตุการณ์
tab-files = ไฟล์
tab-network = เครือข่าย
tab-ports = พอร์ต
tab-environment = สภาพแวดล้อม
tab-processes = โปรเซส
tab-config = การตั้งค่า
tab-stats = สถิติ
kind-file = ไฟล์
# Same as in English.
kind-dns = dns
kind-connect = การเชื่อมต่อ
kind-port = พอร์ต
kind-request = คำขอ
# Same as in English.
kind-env = env
kind-process = โปรเซส
kind-other = อื่นๆ
one-file = ไฟล์
# Same as in English.
one-dns = dns
one-connect = เชื่อมต่อ
one-port = พอร์ต
one-request = คำขอ
# Same as in English.
one-env = env
one-process = โปรเซส
one-other = อื่นๆ
filter-kinds = ประเภทเหตุการณ์
chip-hint = คลิกเพื่อแสดงหรือซ่อน Alt+คลิกเพื่อแสดงเฉพาะรายการนี้
search = คำ, field:value, /regex/
search-label = ค้นหาเหตุการณ์
bad-pattern = รูปแบบไม่ถูกต้อง
pause = หยุดชั่วคราว
resume = ทำต่อ
# Same as in English.
plus-waiting = +{ $count }
clear = ล้าง
clear-hint = ล้างบันทึกนี้ จำนวนนับยังอยู่
log-label = เหตุการณ์ของเซสชัน
log-loading = กำลังดึงเหตุการณ์ก่อนหน้า…
log-failed = ดึงเหตุการณ์ก่อนหน้าไม่ได้
log-empty = ยังไม่มีเหตุการณ์ เหตุการณ์จะปรากฏที่นี่เมื่อโปรแกรมทำงาน
log-empty-ended = ไม่มีสิ่งใดเก็บไว้ของเซสชันนี้
log-cleared = ล้างแล้ว เหตุการณ์ใหม่จะปรากฏที่นี่
log-cleared-ended = ล้างแล้ว
undo-clear = เลิกล้าง
requests-not-seen = เซสชันนี้มองไม่เห็นคำขอ เพราะไม่ได้ให้บริการพอร์ตของเป้าหมาย
nothing-seen = ไม่พบสิ่งนี้ก่อนเซสชันจบ
before-start = ก่อนเริ่ม: { $count }
ended-broken = mirrord ของมันถูกบังคับปิด
held-here = mirrord ui ไม่รู้จักแล้ว หน้านี้เก็บสิ่งที่เห็นไว้
stale-foot = ไม่มีการเชื่อมต่อ
stale-since = ทั้งหมดด้านล่างคือ ณ { $time }
stale-signed-out = mirrord ui เริ่มใหม่แล้ว พิมพ์ลิงก์แล้วเปิดในเบราว์เซอร์นี้
blocked-title = mirrord ui ปฏิเสธที่อยู่นี้
blocked-text = พร็อกซีเปลี่ยนส่วนหัว Host ให้เริ่ม mirrord ui โดยระบุชื่อของหน้านี้:
socket-title = การเชื่อมต่อสดเปิดไม่ได้
socket-text = คำขอได้รับคำตอบ แต่ WebSocket ที่ /ws ถูกบางอย่างกั้นไว้ ให้ปล่อย WebSocket ผ่าน
no-cookies-text = เบราว์เซอร์นี้ไม่เก็บคุกกี้ที่นี่ พิมพ์ลิงก์พร้อมโทเค็น:
no-cookies-foot = แล้วเปิดด้วย #token= แทน ?token=
incomplete = ไม่ครบ: มองไม่เห็นสิ่งที่ผ่าน { $means }
log-no-match = ไม่มีเหตุการณ์ที่ตรงกับตัวกรอง
clear-filter = แสดงทั้งหมด
log-searching = กำลังค้นหา…
missed-lost = { $count ->
   *[other] มาไม่ถึงที่นี่ { $count } เหตุการณ์
}
missed-withheld = { $count ->
   *[other] แจ้งเป็นจำนวนเท่านั้น { $count } เหตุการณ์
}
missed-older = { $count ->
   *[other] ไม่ได้เก็บเหตุการณ์ก่อนหน้า { $count } รายการ
}
following = กำลังติดตาม · ล่าสุดอยู่ล่างสุด
not-following = ไม่ได้ติดตาม
paused = หยุดชั่วคราว · รออยู่ { $count }
ended-foot = สิ้นสุดแล้ว
jump = ไปที่ล่าสุด
shown = แสดง { $shown } จาก { $total }
ring-dropped = ทิ้งรายการเก่า { $count }
histogram = เหตุการณ์ตามเวลา
histogram-says = สูงสุด { $count } เหตุการณ์ใน { $time }
remote = ระยะไกล
local = ในเครื่อง
not-found = ไม่พบ
detail = เหตุการณ์
close = ปิด
field-path = พาธ
field-operation = การทำงาน
field-host = โฮสต์
field-address = ที่อยู่
field-port = พอร์ต
field-protocol = โปรโตคอล
field-mode = โหมด
field-filter = ตัวกรอง
field-method = เมธอด
field-variables = ตัวแปร
field-command = คำสั่ง
field-parent = โปรเซสแม่
field-process = โปรเซส
field-time = เวลา
field-routing = เส้นทาง
field-rule = ตัดสินโดย
into-session = { $time } หลังเริ่ม
show-values = แสดงค่า
hide-values = ซ่อนค่า
keys-title = แป้นพิมพ์ลัด
keys-hint = ? ปุ่มลัด
keys-anywhere = ทุกที่
keys-session = ในเซสชัน
keys-log = ในบันทึก
key-neighbours = เซสชันก่อนหน้า ถัดไป
key-theme = ธีมถัดไป
key-move = แถวถัดไป ก่อนหน้า
key-details = รายละเอียดของแถว
key-pause = หยุดชั่วคราวหรือทำต่อ
palette = ค้นหาหรือไปที่
palette-placeholder = ค้นหาหรือไปที่…
palette-found = { $count ->
   *[other] { $count } รายการ
}
palette-nothing = ไม่มีรายการชื่อนี้
actions = การดำเนินการ
search-view = กรองตารางนี้
no-row-matches = ไม่มีรายการที่ตรงกับตัวกรอง ล้างตัวกรองเพื่อดูทั้งหมด
covers-all = จำนวนนับตั้งแต่เซสชันเริ่ม
covers-some = จำนวนนับจาก { $count } เหตุการณ์
column-operations = การทำงาน
column-first = ครั้งแรก
column-last = ครั้งล่าสุด
column-destination = ปลายทาง
column-name = ชื่อ
column-connections = การเชื่อมต่อ
column-led-to = นำไปสู่
column-lookups = การค้นหา
column-since = ตั้งแต่
column-arrived = สิ่งที่มาถึง
column-requests = คำขอ
column-value = ค่า
column-fetched = ดึงเมื่อ
# Same as in English.
column-pid = pid
column-ended = สิ้นสุด
tab-summary = สรุป
worth-a-look = น่าดู
nothing-stands-out = ยังไม่มีอะไรผิดสังเกต
nothing-stood-out = ไม่มีอะไรผิดสังเกต
show-rows = ดูแถว
found-died = { $command } จบด้วย { $signal }
found-bind-failed = เปิดรับที่พอร์ต { $port } ไม่ได้
found-refused = การเชื่อมต่อไป { $destination } ล้มเหลว
found-not-followed = ถามหา { $name } แล้วแต่ไม่มีการเชื่อมต่อตามมา
found-no-answer = { $destination } ไม่ตอบ
found-again = ค้นหา { $path } ซ้ำๆ แต่ไม่พบ
found-denied = ไม่มีสิทธิ์เปิด { $path }
found-nowhere = ค้นหา { $name } แล้วไม่พบที่ใดเลย
found-unreached = ยังไม่มีการเชื่อมต่อถึงพอร์ต { $port }
places-count = { $count ->
   *[other] { $count } แห่ง
}
files-looked-for = ไฟล์ที่ค้นหา
processes-died = โปรเซสที่ตาย
column-where = ที่ไหน
column-result = ผล
column-times = ครั้ง
column-traffic = เข้า / ออก
column-listens = เปิดรับที่
column-came = เข้ามา
answer-found = พบ
answer-written = เขียนแล้ว
answer-denied = ไม่มีสิทธิ์
answer-connected = เชื่อมต่อแล้ว
answer-failed = ล้มเหลว
answer-pending = ยังไม่ตอบ
never = ไม่เคย
died-of = จบด้วย { $signal }
ended-with = รหัสออก { $code }
not-listening = เปิดรับไม่ได้
loopback-only = เฉพาะ loopback
ipv6-only = เฉพาะ IPv6
failures = ล้มเหลว { $count }
failed-only = เฉพาะที่ล้มเหลว
with-children = รวมลูก
column-folder = โฟลเดอร์
no-connection-since = ไม่มีการเชื่อมต่อตั้งแต่ { $time }
held-by = ถูกใช้โดย { $process }
listens-no-more = ไม่รับฟังแล้ว
listeners = รับฟัง
column-remark = หมายเหตุ
as-tree = แผนผัง
not-found-count = ไม่พบ { $count }
paths-count = { $count ->
   *[other] { $count } พาธ
}
files-inside = ข้างใน { $count }
all-paths = พาธทั้งหมด
files-written = ที่เขียน
found-in-place = พบในตำแหน่งที่ { $place } จาก { $total }
looked-for-in = ตำแหน่งที่ค้นหา { $name }
path-story = สิ่งที่เกิดกับพาธนี้
outcome-over-time = ผลลัพธ์ตามเวลา
show-all = แสดงทั้งหมด { $number }
show-fewer = แสดงน้อยลง
files-empty = ยังไม่มีการเข้าถึงไฟล์ พาธจะปรากฏที่นี่เมื่อโปรแกรมเปิด อ่าน หรือค้นหาไฟล์
more-events = { $count ->
   *[other] อีก { $count } เหตุการณ์ของรายการอื่นที่ไม่มีที่พอแสดง
}
destinations = การเชื่อมต่อ
destinations-empty = ยังไม่มีการเชื่อมต่อขาออก ปลายทางจะปรากฏที่นี่เมื่อโปรแกรมเชื่อมต่อ
lookups = ชื่อที่ค้นหา
lookups-empty = ยังไม่มีการค้นหา DNS ชื่อจะปรากฏที่นี่เมื่อโปรแกรมค้นหาชื่อ
column-duration = ระยะเวลา
open-now = เปิดอยู่
unix-sockets = ซ็อกเก็ต Unix
no-connection = ไม่มีการเชื่อมต่อตามมา
sure-likely = น่าจะใช่
sure-perhaps = อาจใช่
sure-note = ชื่อที่นำไปสู่ที่อยู่เป็นการอนุมาน: โปรเซสเดียวกันค้นหาชื่อนั้นไม่เกิน 5 วินาทีก่อนเชื่อมต่อ น่าจะใช่: เป็นชื่อเดียว อาจใช่: เป็นชื่อสุดท้ายจากหลายชื่อ
ports-empty = ไม่มีพอร์ตที่สมัครรับ พอร์ตจะปรากฏที่นี่เมื่อโปรแกรมรอรับและเซสชันให้บริการ
port-nothing = สมัครรับแล้ว ไม่มีสิ่งใดมาถึงใน { $time }
port-nothing-yet = สมัครรับแล้ว ยังไม่มีสิ่งใดมาถึง
port-not-watched = พอร์ตในเครื่อง: ไม่ได้เฝ้าดูสิ่งที่มาถึง
all-ports-together = { " " }· รวมทุกพอร์ต เพราะคำขอไม่ระบุพอร์ต
requests-count = { $count ->
   *[other] { $count } คำขอ
}
the-last = ล่าสุด { $time }
requests = คำขอที่มาถึง
requests-empty = ยังไม่มีคำขอมาถึง ส่งคำขอไปยังเป้าหมาย ถ้าผ่านตัวกรองจะปรากฏที่นี่
environment-empty = ยังไม่ได้ดึงตัวแปร ตัวแปรจะปรากฏที่นี่เมื่อเซสชันดึงสภาพแวดล้อมของเป้าหมาย
variables-count = { $count ->
   *[other] { $count } ตัวแปร
}
value-unknown = ทราบเพียงชื่อ
show-all-values = แสดงค่าทั้งหมด
hidden-note = ค่าที่ซ่อนไว้คลิกเพื่อแสดงได้ โปรแกรมที่ใช้ API ของ mirrord ui นี้ได้ยังเห็นค่าอยู่ ค่าไม่ถูกส่งไปยังโทรศัพท์เด็ดขาด
processes-empty = ยังไม่ทราบโปรเซสใด โปรเซสจะปรากฏที่นี่เมื่อเริ่มในเซสชัน
running-count = { $count ->
   *[other] ทำงานอยู่ { $count }
}
more-processes = { $count ->
   *[other] อีก { $count } ไม่ได้เก็บไว้
}
still-runs = ทำงานอยู่
ran-for = ทำงานนาน { $time }
config-asked = กำลังขอการตั้งค่าจากเซสชัน…
config-failed = ดึงการตั้งค่าไม่ได้
config-none = เซสชันนี้ทำงานโดยไม่มีไฟล์การตั้งค่า เริ่มด้วย mirrord exec -f mirrord.json เพื่อดูกฎที่นี่
config-no-text = เซสชันบอกชื่อไฟล์ แต่ไม่บอกเนื้อหา
decided-count = { $count ->
   *[other] ตัดสิน { $count } เหตุการณ์
}
default-rules = กฎที่ไฟล์ไม่ได้ระบุ
default-rules-note = กฎเหล่านี้ตัดสินตามค่าเริ่มต้น ระบุในไฟล์เพื่อแทนที่
what-if = ถ้าหากว่า
what-if-hint = แก้ไขการกำหนดค่าแล้วดูว่าจะเปลี่ยนอะไรในการรันนี้
what-if-loading = กำลังโหลดตัวประเมินและเหตุการณ์ของการรันนี้…
what-if-failed = โหลดตัวประเมินหรือเหตุการณ์ไม่ได้
what-if-label = การกำหนดค่าที่จะลอง
what-if-decided = เหตุการณ์ที่ตัดสินใหม่: { $count }
what-if-range = เหตุการณ์ { $first } ถึง { $last }
what-if-problems = ข้อผิดพลาด: { $count } จะไม่ตัดสินจนกว่าจะแก้ไข
what-if-at = บรรทัด { $line } คอลัมน์ { $column }
what-if-resolved = ไม่ทราบข้อความของไฟล์ JSON ที่นี่: นี่คือการกำหนดค่าตามที่เข้าใจ
what-if-none = การรันนี้ไม่มีการกำหนดค่า: เปรียบเทียบกับค่าเริ่มต้นของ mirrord
what-if-variables = ตัวแปรที่มีผลก่อนไฟล์และไม่อยู่ในข้อความนี้: { $names }
what-changes = สิ่งที่เปลี่ยน
changes-before = ก่อน
changes-after = หลัง
what-if-same = ตัดสินเหมือนเดิม: { $count }
what-if-omitted = และอีก: { $count }
what-if-missing = ข้อเท็จจริงที่ขาด ซึ่งมีแต่คลัสเตอร์หรือเครื่องเท่านั้นที่รู้
what-if-unhooked = การเรียกที่ mirrord ไม่เห็น: { $count }
never-matched = ไม่เคยตรง
depends = ขึ้นกับเงื่อนไข
unhooked-static = ไม่ถูกดักจับ: โปรแกรมแบบสแตติก
unhooked-loader = ไม่ถูกดักจับ: โดยตัวโหลด
download = ดาวน์โหลด
figure-total = เหตุการณ์
figure-rate = อัตราขณะนี้
figure-peak = วินาทีที่มากที่สุด
figure-lost = สูญหายระหว่างทาง
figure-withheld = แจ้งเป็นจำนวนเท่านั้น
figure-older = ก่อนรายการเก่าสุดที่เก็บ
figure-given-up = บันทึกของหน้านี้ทิ้งไป
routing-unknown = เซสชันนี้ไม่ได้แจ้ง
events-count = { $count ->
   *[other] { $count } เหตุการณ์
}
chart-hint = ชี้ที่แผนภูมิ หรือโฟกัสแล้วใช้ปุ่มลูกศรเพื่ออ่านตัวเลข
each-bar = หนึ่งแท่งคือ { $time }
as-table = แผนภูมิแบบตาราง
top-paths = พาธที่เข้าถึงมากที่สุด
top-hosts = ชื่อที่ค้นหามากที่สุด
only-like = เฉพาะแบบนี้
hide-like = ซ่อนแบบนี้
any-process = ทุกโปรเซส
any-routing = ทุกเส้นทาง
filter-process = กรองตามโปรเซส
filter-routing = กรองตามเส้นทาง
export = ส่งออก
export-hint = บันทึกแถวที่แสดง ไม่รวมค่าที่ซ่อน
more-characters = { $count ->
   *[other] … อีก { $count } อักขระ สำเนามีครบ
}
no-namespace = ไม่มีเนมสเปซ
no-key = ไม่มีคีย์
overview = เซสชันทั้งหมด
group-by = จัดกลุ่ม
sort-by = เรียง
by-status = สถานะ
by-target = เป้าหมาย
by-namespace = เนมสเปซ
by-key = คีย์
by-nothing = ไม่มี
sort-newest = ใหม่สุด
sort-name = ชื่อ
sort-rate = อัตรา
sort-events = เหตุการณ์
sort-own = กำหนดเอง
column-status = สถานะ
column-session = เซสชัน
column-processes = โปรเซส
column-ports = พอร์ต
column-rate = อัตรา
column-routing = เส้นทาง
column-events = เหตุการณ์
column-age = อายุ
routing-none = ไม่ได้แจ้ง
routing-mock = จำลอง
routing-error = ข้อผิดพลาด
choose-session = เลือก { $session }
chosen-count = { $count ->
   *[other] เลือกแล้ว { $count }
}
show-together = แสดงรวมกัน
at-most-together = หนึ่งบันทึกรับได้สูงสุด { $count } เซสชัน
clear-chosen = ไม่เลือกเลย
move-session = ย้าย { $session }: ลูกศรขึ้น ลูกศรลง
moved-to = { $session }: ลำดับที่ { $place }
menu-of = การดำเนินการสำหรับ { $session }
details = รายละเอียด
pin = ปักหมุด
unpin = เลิกปักหมุด
move-up = เลื่อนขึ้น
move-down = เลื่อนลง
pinned-word = ปักหมุดแล้ว
open-on-desktop = เปิดอยู่บนเดสก์ท็อป
key-label = คีย์สำหรับจัดกลุ่ม
copy-socket = คัดลอกพาธซ็อกเก็ต
end-ask = สิ้นสุด…
end-title = สิ้นสุดเซสชันนี้หรือไม่
end-text = คำสั่งนี้และทุกโปรเซสที่เริ่มจากคำสั่งจะสิ้นสุด:
end-force = จะขอให้สิ้นสุดก่อน แล้วบังคับหลัง 5 วินาที
end-released = mirrord รุ่นที่เผยแพร่แล้วสิ้นสุดโปรแกรมจากที่นี่ไม่ได้ ได้เพียง API ของเซสชัน ให้สิ้นสุดโปรแกรมที่โปรเซส:
end-no-process = ไม่ทราบโปรเซสใดของเซสชันนี้
end-now = { $count ->
   *[other] สิ้นสุด { $count } โปรเซส
}
end-session = สิ้นสุดเซสชัน
cancel = ยกเลิก
ending = กำลังสิ้นสุด…
has-ended = สิ้นสุดแล้ว
still-ending = รับคำขอแล้วแต่ยังไม่สิ้นสุดใน 10 วินาที จะลองต่อไป หน้านี้จะแสดงเมื่อสิ้นสุด
end-failed = สิ้นสุดไม่ได้
dismiss = นำออก
dismiss-all = { $count ->
   *[other] นำที่สิ้นสุดแล้วออกทั้งหมด { $count }
}
dismiss-failed = นำออกไม่ได้
show-more = { $count ->
   *[other] แสดงอีก { $count }
}
together = { $count ->
   *[other] { $count } เซสชันรวมกัน
}
legend = เซสชันของบันทึกนี้
# Same as in English.
of-session = { $session }: { $text }
not-here = ไม่ได้อยู่ที่นี่
key-choose = เลือกเซสชันที่โฟกัส
keys-overview = ในภาพรวม
mirror-title = แสดงบนโทรศัพท์
mirror-heading = เซสชันของคุณบนโทรศัพท์
mirror-lead = หน้าเดียวกันแบบสดบนอุปกรณ์ในเครือข่าย โดยไม่มีค่าลับ
mirror-settings = การตั้งค่า
mirror-off = ปิด
mirror-on = เปิด ไม่มีใครเชื่อมต่อ
mirror-connected = { $count ->
   *[other] เชื่อมต่อแล้ว { $count }
}
mirror-waiting = เข้าถึงไม่ได้ในขณะนี้
mirror-failed = เริ่มไม่ได้
mirror-local = เครื่องนี้
mirror-network = เครือข่าย
mirror-user = ชื่อผู้ใช้
mirror-password = รหัสผ่าน
mirror-from-settings = จากการตั้งค่า
mirror-from-environment = จากสภาพแวดล้อม
mirror-for-this-run = สำหรับการทำงานครั้งนี้
mirror-connected-now = เชื่อมต่ออยู่
mirror-no-answer = ไม่มีการตอบสนอง mirrord ui ยังทำงานอยู่หรือไม่
mirror-pair-title = จับคู่โทรศัพท์
mirror-pair-text = สแกนรหัสด้วยกล้องโทรศัพท์ ใช้ได้กับอุปกรณ์เดียว ครั้งเดียว ภายในห้านาที
mirror-pair-off = เปิดมิเรอร์ก่อน
mirror-pair = แสดงรหัส
mirror-new-code = รหัสใหม่
mirror-code = คิวอาร์โค้ดของที่อยู่ข้างๆ
mirror-time-left = ใช้ได้อีก { $time }
mirror-too-old = รหัสนี้หมดอายุแล้ว สร้างรหัสใหม่
mirror-used-by = ใช้โดย { $device }
mirror-copy-address = คัดลอกที่อยู่
mirror-devices = อุปกรณ์
mirror-no-devices = ไม่มีอุปกรณ์ที่ลงชื่อเข้าใช้
mirror-device-name = ชื่ออุปกรณ์
mirror-viewer = ดูเท่านั้น
mirror-controller = สิ้นสุดเซสชันได้
mirror-grant = ให้สิ้นสุดเซสชันได้…
mirror-take-back = ดูเท่านั้น
mirror-revoke = เพิกถอน…
mirror-revoke-all = เพิกถอนอุปกรณ์ทั้งหมด…
mirror-seen = พบล่าสุด { $time }
mirror-signed-in = ลงชื่อเข้าใช้ { $time }
mirror-expires = ต้องลงชื่อเข้าใช้ใหม่ใน { $time }
mirror-grant-ask = ให้ “{ $device }” สิ้นสุดเซสชันได้หรือไม่
mirror-grant-text = ผู้ที่ถืออุปกรณ์จะสิ้นสุดเซสชันและโปรเซสใดก็ได้ แต่ยังไม่เห็นค่าลับ
mirror-grant-go = ให้สิ้นสุดเซสชันได้
mirror-revoke-ask = เพิกถอน “{ $device }” หรือไม่
mirror-revoke-all-ask = เพิกถอนอุปกรณ์ทั้งหมดหรือไม่
mirror-revoke-text = อุปกรณ์จะออกจากระบบทันที รหัสผ่านยังเดิม เปลี่ยนได้หากจำเป็น
mirror-revoke-go = เพิกถอน
mirror-networks = อินเทอร์เฟซเครือข่าย
mirror-everywhere = ทุกเครือข่าย
mirror-not-here = { $device } · ไม่มีในขณะนี้
mirror-port = พอร์ต
mirror-port-hint = 1 ถึง 65535
mirror-port-wrong = ตัวเลขระหว่าง 1 ถึง 65535
mirror-user-hint = เว้นว่าง: ใช้ค่าจากสภาพแวดล้อม หรือ mirrord
mirror-password-hint = 8 ถึง 256 อักขระ ไม่แสดง อุปกรณ์ที่ลงชื่อเข้าใช้แล้วยังใช้ต่อได้
mirror-password-wrong = ต้องมี 8 ถึง 256 อักขระ
mirror-password-set = ตั้งแล้ว พิมพ์รหัสใหม่
mirror-password-none = สุ่ม พิมพ์รหัสของคุณ
mirror-password-go = ตั้ง
mirror-password-random = กลับไปใช้แบบสุ่ม
mirror-tls = การเข้ารหัส
mirror-tls-off = ปิด
mirror-tls-private = ผู้ออกใบรับรองส่วนตัว
mirror-tls-own = ใบรับรองของตัวเอง
mirror-tls-off-hint = ผู้ที่ใช้เครือข่ายร่วมกันแอบอ่านได้
mirror-tls-private-hint = สร้างบนเครื่องนี้ โทรศัพท์ต้องเชื่อถือหนึ่งครั้ง
mirror-tls-own-hint = พาธเต็มของไฟล์ PEM สองไฟล์
mirror-tls-go = ใช้ใบรับรองนี้
mirror-certificate = ใบรับรอง
mirror-key = กุญแจ
mirror-trust = เชื่อถือบนโทรศัพท์
mirror-trust-open = เปิดบนโทรศัพท์โดยข้ามคำเตือน:
mirror-trust-compare = เทียบลายนิ้วมือนี้ ถ้าต่างกันให้หยุด:
mirror-trust-install = ติดตั้งใบรับรองตามที่หน้านั้นบอก
mirror-trust-download = ดาวน์โหลดใบรับรอง
mirror-names = ชื่ออื่น
mirror-names-hint = ชื่อโฮสต์อื่นของเครื่องนี้ คั่นด้วยจุลภาค
mirror-auto-start = เริ่มพร้อม mirrord ui
mirror-mdns = ประกาศชื่อและพอร์ตบนเครือข่าย
mirror-command-lines = แสดงบรรทัดคำสั่งทั้งหมดบนอุปกรณ์ รวมถึงรหัสผ่านในนั้น
mirror-audit = สิ่งที่เกิดขึ้น
mirror-audit-text = ใหม่สุดก่อน ไม่มีความลับ
mirror-audit-empty = ยังไม่มี
mirror-banner = มิเรอร์ของ { $machine } · ดูเท่านั้น
mirror-banner-ends = มิเรอร์ของ { $machine } · สิ้นสุดเซสชันได้
mirror-sign-out = ออกจากระบบ
mirror-sign-in = ลงชื่อเข้าใช้
mirror-turned-out-title = อุปกรณ์นี้ออกจากระบบแล้ว
mirror-turned-out = ถูกเพิกถอนหรือออกจากระบบ หรือครบ 30 วันแล้ว ลงชื่อเข้าใช้อีกครั้งเพื่อทำต่อ
mirror-turned-out-foot = หรือสแกนรหัสใหม่จากเดสก์ท็อป
mirror-elsewhere-title = การตั้งค่าอยู่บนเดสก์ท็อป
mirror-elsewhere = เปิด mirrord ui บนเครื่องนั้นเอง
mirror-values = ค่าอยู่บนเดสก์ท็อปเท่านั้น อุปกรณ์ทราบเพียงชื่อ
audit-started = เริ่มรอรับ
audit-stopped = หยุดแล้ว
audit-failed = รอรับไม่ได้
audit-signed-in = ลงชื่อเข้าใช้
audit-sign-in-failed = ปฏิเสธการลงชื่อเข้าใช้
audit-throttled = ให้รอ
audit-ticket-made = สร้างรหัส
audit-paired = จับคู่แล้ว
audit-pairing-failed = ปฏิเสธรหัส
audit-signed-out = ออกจากระบบ
audit-revoked = เพิกถอน
audit-device-changed = เปลี่ยนอุปกรณ์
audit-refused = ปฏิเสธ
audit-ended-session = สิ้นสุดเซสชัน
audit-settings-changed = เปลี่ยนการตั้งค่า

search-any-column = คอลัมน์ใดก็ได้
search-has = { $column } มี { $value }
search-is = { $column } คือ { $value }
search-like = { $column } คล้าย { $value }
search-matches = { $column } ตรงกับ { $value }
search-descends = โพรเซส { $process } หรือที่มันเริ่ม
search-present = { $column } เป็นที่ทราบ
search-and = { $first } และ { $second }
search-or = { $first } หรือ { $second }
search-not = ไม่ใช่: { $what }
search-no-field = ไม่มีฟิลด์ { $name }
search-did-you-mean = { $problem }; หมายถึง { $name } หรือไม่
search-no-value = { $field }: ไม่มีค่า { $value }
search-not-number = { $field }: ต้องเป็นตัวเลขหรือช่วง แต่ { $value } ไม่ใช่
search-not-time = { $value } ไม่ใช่เวลา
search-unfinished = ยังไม่เสร็จ: { $part }
search-no-group = ) นี้ไม่มี (
search-too-much = มากเกินไปสำหรับตัวกรองเดียว
field-direction = ทิศทาง
field-size = ขนาด
field-name = ชื่อ
match-place = { $place } จาก { $total }
match-next = ผลที่พบถัดไป
match-previous = ผลที่พบก่อนหน้า
key-matches = ผลที่พบถัดไปหรือก่อนหน้า
saved-filters = ตัวกรองที่บันทึกไว้
save-filter = บันทึกตัวกรองนี้
filter-name = ชื่อ
delete-filter = ลบ { $name }
apply-filter = กรองตาม { $filter }
milliseconds = { $number } มิลลิวินาที
times-since-before = นับจากแถวก่อนหน้า
outcome-ok = สำเร็จ
outcome-denied = ไม่มีสิทธิ์
outcome-connected = เชื่อมต่อแล้ว
outcome-failed = ล้มเหลว
outcome-pending = รอคำตอบ
exit-code = ออก { $code }
operation-lookup = ค้นชื่อ
bytes-in = รับ { $bytes }
bytes-out = ส่ง { $bytes }
repeats = ×{ $count } ใน { $time }
fold-repeats = ยุบแถวซ้ำ
columns = คอลัมน์
column-type = ชนิด
column-what = อะไร
column-outcome = ผลลัพธ์
around = ±1 วินาทีรอบ ๆ
all-times = ทุกช่วงเวลา
copy-path = คัดลอกพาธหรือที่อยู่
copy-row = คัดลอกแถว
copy-command = คัดลอกเป็นคำสั่ง
row-absent = เหตุการณ์ #{ $row } ของลิงก์นี้ไม่ได้เก็บไว้ที่นี่
histogram-scale = ความสูงเป็นรากที่สอง
timeline-hint = ลากเพื่อเลือกช่วงเวลา ปุ่ม: ลูกศร, Shift กับลูกศร, Esc
failed-count = { $count ->
  *[other] ล้มเหลว { $count }
}
remove-term = นำออก: { $term }
