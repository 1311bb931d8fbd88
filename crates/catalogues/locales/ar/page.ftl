# العربية

# Same as in English.
app-name = mirrord
title = مراقب الجلسات
# Same as in English.
edition-oss = OSS
# Same as in English.
edition-teams = Teams
edition-unknown = إصدار غير معروف
license-until = حتى { $date }
license-expired = انتهت في { $date }
upgrade = الترقية إلى Teams
opens-new-tab = يُفتح في علامة تبويب جديدة
all-sessions = mirrord، كل الجلسات
connecting = جارٍ الاتصال
syncing = جارٍ المزامنة
live = مباشر
retrying = إعادة المحاولة خلال { $seconds } ث
retrying-now = جارٍ إعادة المحاولة
signed-out = تم تسجيل الخروج
retry-now = أعد المحاولة الآن
sessions-count = { $count ->
    [zero] لا جلسات
    [one] جلسة واحدة
    [two] جلستان
    [few] { $count } جلسات
    [many] { $count } جلسة
   *[other] { $count } جلسة
}
per-second = { $rate }/ث
dropped = { $count ->
    [zero] فُقد { $count }
    [one] فُقد { $count }
    [two] فُقد { $count }
    [few] فُقد { $count }
    [many] فُقد { $count }
   *[other] فُقد { $count }
}
dropped-hint = أحداث فُقدت بين الجلسة وهذه الصفحة
preferences = التفضيلات
theme = السمة
theme-is = السمة: { $theme }
theme-system = النظام
theme-light = فاتحة
theme-dark = داكنة
density = الكثافة
density-compact = متراصة
density-comfortable = مريحة
times = الأوقات
times-absolute = وقت اليوم
times-relative = منذ متى
times-since-start = منذ البداية
language = اللغة
language-of-browser = لغة المتصفح
single-keys = اختصارات المفتاح الواحد
show-env-values = إظهار قيم المتغيرات
notify = الإشعار عند انتهاء جلسة
notify-blocked = المتصفح يحظر إشعارات هذه الصفحة: اسمح بها في إعداداته.
notify-insecure = تحتاج الإشعارات إلى https أو إلى متصفح هذا الجهاز.
notify-missing = لا إشعارات في هذا المتصفح.
notify-many = { $count ->
    [zero] لم تنته أي جلسة
    [one] انتهت جلسة واحدة
    [two] انتهت جلستان
    [few] انتهت { $count } جلسات
    [many] انتهت { $count } جلسة
   *[other] انتهت { $count } جلسة
}
skip = الانتقال إلى المحتوى
sessions = الجلسات
filter-sessions = تصفية الجلسات
group-live = قيد التشغيل
group-unresponsive = لا تستجيب
group-ended = منتهية
none-matches = لا توجد جلسة مطابقة.
more-sessions = { $count ->
    [zero] { $count } جلسة أخرى غير معروضة
    [one] جلسة أخرى غير معروضة
    [two] جلستان أخريان غير معروضتين
    [few] { $count } جلسات أخرى غير معروضة
    [many] { $count } جلسة أخرى غير معروضة
   *[other] { $count } جلسة أخرى غير معروضة
}
no-command = (أمر غير معروف)
targetless = بلا هدف
processes = { $count ->
    [zero] لا عمليات
    [one] عملية واحدة
    [two] عمليتان
    [few] { $count } عمليات
    [many] { $count } عملية
   *[other] { $count } عملية
}
status-live = قيد التشغيل
status-unresponsive = لا تستجيب
status-ended = منتهية
row-started = بدأت
row-ended = انتهت
ended-ago = قبل { $time }
seconds = { $number } ث
minutes = { $number } د
hours = { $number } س
days = { $number } ي
empty-title = لا توجد جلسة قيد التشغيل
empty-text = شغّل برنامجك مع mirrord وسيظهر هنا فورًا:
empty-foot = يُعثر أيضًا على جلسات إصدارات mirrord المنشورة.
loading-title = جارٍ البحث عن الجلسات…
loading-sessions = يستغرق ذلك لحظة.
unreachable-title = mirrord ui لا يستجيب
unreachable-text = ربما تم إيقافه. شغّله من جديد وستعود هذه الصفحة تلقائيًا:
signed-out-title = تم تسجيل خروجك
signed-out-text = تحتاج هذه الصفحة إلى الرابط الذي يحمل رمز mirrord ui قيد التشغيل. اطبعه بالأمر:
signed-out-foot = ثم افتح الرابط المطبوع في هذا المتصفح.
try-again = حاول مرة أخرى
stopped-title = توقفت هذه الصفحة
stopped-text = حدث خطأ ما فيها. الجلسات مستمرة: أعد تحميل الصفحة لرؤيتها. يساعد التقرير على إصلاح الخطأ.
reload = إعادة التحميل
copy-report = نسخ التقرير
copy = نسخ
copied = تم النسخ
copy-table = نسخ كنص
printed-part = طُبع ما كان ظاهرًا. للحصول على الكل، استخدم في الصفحة: { $action }
copy-failed = حدّد وانسخ يدويًا
copy-id = نسخ المعرّف
copy-json = نسخ JSON
gone-title = هذه الجلسة ليست هنا
gone-text = انتهت قبل بدء mirrord ui، أو أُزيلت، أو أن الرابط يخص جهازًا آخر.
back-to-list = كل الجلسات
views = عروض الجلسة
tab-events = الأحداث
tab-files = الملفات
tab-network = الشبكة
tab-ports = المنافذ
tab-environment = البيئة
tab-processes = العمليات
tab-config = الإعدادات
tab-stats = الإحصاءات
kind-file = ملفات
# Same as in English.
kind-dns = dns
kind-connect = اتصالات
kind-port = منافذ
kind-request = طلبات
kind-env = بيئة
kind-process = عمليات
kind-other = أخرى
one-file = ملف
# Same as in English.
one-dns = dns
one-connect = اتصال
one-port = منفذ
one-request = طلب
one-env = بيئة
one-process = عملية
one-other = آخر
filter-kinds = أنواع الأحداث
chip-hint = انقر للإظهار أو الإخفاء، وAlt مع النقر لإظهار هذا وحده
search = كلمات، field:value، /regex/
search-label = البحث في الأحداث
bad-pattern = نمط غير صالح
pause = إيقاف مؤقت
resume = استئناف
plus-waiting = { "\u200E" }+{ $count }
clear = مسح
clear-hint = يفرغ هذا السجل وتبقى الأعداد.
log-label = أحداث الجلسة
log-loading = جارٍ جلب الأحداث السابقة…
log-failed = تعذّر جلب الأحداث السابقة.
log-empty = لا أحداث بعد. تظهر الأحداث هنا أثناء تشغيل البرنامج.
log-empty-ended = لم يُحفظ شيء من هذه الجلسة.
log-cleared = تم المسح. تظهر الأحداث الجديدة هنا.
log-cleared-ended = تم المسح.
undo-clear = التراجع عن المسح
requests-not-seen = لا يمكن رؤية الطلبات في هذه الجلسة: فهي لا تخدم أي منفذ لهدف.
nothing-seen = لم يُرَ شيء من ذلك قبل انتهاء الجلسة.
before-start = قبل البداية: { $count }
ended-broken = أُنهي mirrord الخاص بها قسرًا
held-here = لم يعد mirrord ui يعرفها؛ هذه الصفحة تحفظ ما رأته
stale-foot = لا اتصال
stale-since = كل ما يلي من { $time }.
stale-signed-out = أُعيد تشغيل mirrord ui. اطبع رابطه وافتحه في هذا المتصفح.
blocked-title = يرفض mirrord ui هذا العنوان
blocked-text = يغيّر وكيل ترويسة Host. شغّل mirrord ui بحيث يعرف اسم هذه الصفحة:
socket-title = لا ينفتح الاتصال المباشر
socket-text = تُجاب الطلبات ولا يُجاب WebSocket على { "\u200E" }/ws: شيء في الطريق يحجبه. اسمح بمرور WebSocket هناك.
no-cookies-text = لا يحفظ هذا المتصفح ملفات تعريف الارتباط هنا. اطبع الرابط مع الرمز:
no-cookies-foot = ثم افتحه مع { "\u200E" }#token={ "\u200E" } بدل { "\u200E" }?token={ "\u200E" }.
incomplete = غير مكتمل: ما يمر عبر { $means } لا يُرى
log-no-match = لا حدث يطابق المرشّح.
clear-filter = إظهار الكل
log-searching = جارٍ البحث…
missed-lost = { $count ->
    [zero] أحداث لم تصل: { $count }
    [one] أحداث لم تصل: { $count }
    [two] أحداث لم تصل: { $count }
    [few] أحداث لم تصل: { $count }
    [many] أحداث لم تصل: { $count }
   *[other] أحداث لم تصل: { $count }
}
missed-withheld = { $count ->
    [zero] أحداث أُبلغ بعددها فقط: { $count }
    [one] أحداث أُبلغ بعددها فقط: { $count }
    [two] أحداث أُبلغ بعددها فقط: { $count }
    [few] أحداث أُبلغ بعددها فقط: { $count }
    [many] أحداث أُبلغ بعددها فقط: { $count }
   *[other] أحداث أُبلغ بعددها فقط: { $count }
}
missed-older = { $count ->
    [zero] أحداث أقدم غير محفوظة: { $count }
    [one] أحداث أقدم غير محفوظة: { $count }
    [two] أحداث أقدم غير محفوظة: { $count }
    [few] أحداث أقدم غير محفوظة: { $count }
    [many] أحداث أقدم غير محفوظة: { $count }
   *[other] أحداث أقدم غير محفوظة: { $count }
}
following = متابعة · الأحدث في الأسفل
not-following = بلا متابعة
paused = إيقاف مؤقت · { $count } في الانتظار
ended-foot = انتهت
jump = الانتقال إلى الأحدث
shown = المعروض { $shown } من { $total }
ring-dropped = تم التخلي عن { $count } أقدم
histogram = الأحداث عبر الزمن
histogram-says = بحد أقصى { $count } من الأحداث في { $time }
remote = بعيد
local = محلي
not-found = غير موجود
detail = الحدث
close = إغلاق
field-path = المسار
field-operation = العملية
field-host = المضيف
field-address = العنوان
field-port = المنفذ
field-protocol = البروتوكول
field-mode = الوضع
field-filter = المرشّح
field-method = الطريقة
field-variables = المتغيرات
field-command = الأمر
field-parent = العملية الأصل
field-process = العملية
field-time = الوقت
field-routing = التوجيه
field-rule = بقرار من
into-session = بعد { $time } من البداية
show-values = إظهار القيم
hide-values = إخفاء القيم
keys-title = اختصارات لوحة المفاتيح
keys-hint = ? المفاتيح
keys-anywhere = في أي مكان
keys-session = في جلسة
keys-log = في السجل
key-neighbours = الجلسة السابقة، التالية
key-theme = السمة التالية
key-move = الصف التالي، السابق
key-details = تفاصيل الصف
key-pause = إيقاف مؤقت أو استئناف
palette = البحث أو الانتقال
palette-placeholder = ابحث أو انتقل…
palette-found = { $count ->
    [zero] لا عناصر
    [one] عنصر واحد
    [two] عنصران
    [few] { $count } عناصر
    [many] { $count } عنصرًا
   *[other] { $count } عنصر
}
palette-nothing = لا شيء بهذا الاسم.
palette-searching = جارٍ البحث في كل الجلسات…
palette-partial = قد يوجد المزيد: اكتب أكثر.
palette-failed = تعذّر البحث في الجلسات.
palette-not-kept = لم يعد محفوظًا
actions = إجراء
search-view = تصفية هذا الجدول
no-row-matches = لا شيء هنا يطابق المرشّح. امسحه لرؤية الكل.
covers-all = الأعداد منذ بداية الجلسة
covers-some = الأعداد من { $count } من الأحداث
column-operations = الإجراءات
column-first = الأول
column-last = الأخير
column-destination = الوجهة
column-name = الاسم
column-connections = الاتصالات
column-led-to = قاد إلى
column-lookups = الاستعلامات
column-since = منذ
column-arrived = ما وصل
column-requests = الطلبات
column-value = القيمة
column-fetched = وقت الجلب
# Same as in English.
column-pid = pid
column-ended = الانتهاء
tab-summary = الملخص
worth-a-look = يستحق نظرة
nothing-stands-out = لا شيء لافت حتى الآن.
nothing-stood-out = لم يكن هناك شيء لافت.
show-rows = الصفوف
found-died = { $command } انتهت بالإشارة { $signal }.
found-bind-failed = تعذر الاستماع على المنفذ { $port }.
found-refused = تفشل الاتصالات إلى { $destination }.
found-not-followed = تم الاستعلام عن { $name } ولم يتبعه أي اتصال.
found-no-answer = { $destination } لا يجيب.
found-again = يجري البحث عن { $path } مرارا دون جدوى.
found-denied = لا يُسمح بفتح { $path }.
found-nowhere = جرى البحث عن { $name } ولم يوجد في أي مكان.
found-unreached = لم يصل أي اتصال إلى المنفذ { $port }.
places-count = { $count ->
    [zero] لا أماكن
    [one] مكان واحد
    [two] مكانان
    [few] { $count } أماكن
    [many] { $count } مكانا
   *[other] { $count } مكان
}
files-looked-for = الملفات المطلوبة
processes-died = عمليات انتهت بخلل
column-where = أين
column-result = النتيجة
column-times = مرات
column-traffic = داخل / خارج
column-listens = يستمع على
column-came = وصل
answer-found = موجود
answer-written = كُتب
answer-denied = لا إذن
answer-connected = متصل
answer-failed = فشل
answer-pending = لا جواب بعد
never = أبدا
died-of = انتهت بـ { $signal }
ended-with = رمز الخروج { $code }
not-listening = تعذر الاستماع
loopback-only = loopback فقط
ipv6-only = IPv6 فقط
failures = { $count } فشل
failed-only = الفاشلة فقط
with-children = مع أبنائها
follow-process = تتبّع { $process }
followed = فقط { $process } وأبناؤها، في كل العروض
all-processes = كل العمليات
column-folder = المجلد
no-connection-since = لا اتصال منذ { $time }
held-by = يشغله { $process }
listens-no-more = لم يعد يستمع
listeners = يستمع
column-remark = ملاحظة
as-tree = شجرة
not-found-count = غير موجود: { $count }
paths-count = { $count ->
    [zero] لا مسارات
    [one] مسار واحد
    [two] مساران
    [few] { $count } مسارات
    [many] { $count } مسارًا
   *[other] { $count } مسار
}
files-inside = بداخله { $count }
all-paths = كل المسارات
files-written = ما كُتب
found-in-place = وُجد في الموضع { $place } من { $total }
looked-for-in = أين جرى البحث عن { $name }
path-story = ما حدث لهذا المسار
outcome-over-time = النتيجة عبر الزمن
show-all = عرض الكل ({ $number })
show-fewer = عرض أقل
files-empty = لا ملفات بعد. تظهر المسارات هنا عندما يفتحها البرنامج أو يقرؤها أو يبحث عنها.
more-events = { $count ->
    [zero] أحداث لغيرها لم يتسع لها المكان: { $count }
    [one] أحداث لغيرها لم يتسع لها المكان: { $count }
    [two] أحداث لغيرها لم يتسع لها المكان: { $count }
    [few] أحداث لغيرها لم يتسع لها المكان: { $count }
    [many] أحداث لغيرها لم يتسع لها المكان: { $count }
   *[other] أحداث لغيرها لم يتسع لها المكان: { $count }
}
destinations = الاتصالات
destinations-empty = لا اتصالات صادرة بعد. تظهر الوجهات هنا عندما يتصل البرنامج.
lookups = الأسماء المستعلَم عنها
lookups-empty = لا استعلامات DNS بعد. تظهر الأسماء هنا عندما يستعلم البرنامج عنها.
column-duration = المدة
open-now = مفتوح
unix-sockets = مقابس Unix
no-connection = لم يتبعه اتصال
sure-likely = مرجّح
sure-perhaps = محتمل
sure-note = الاسم الذي قاد إلى العنوان مستنتَج: استعلمت عنه العملية نفسها قبل الاتصال بـ 5 ث على الأكثر. مرجّح: كان الوحيد. محتمل: الأخير من عدة أسماء.
ports-empty = لا اشتراك في أي منفذ. تظهر المنافذ هنا عندما يستمع البرنامج وتخدمها الجلسة.
port-nothing = مشترك، لم يصل شيء خلال { $time }
port-nothing-yet = مشترك، لم يصل شيء حتى الآن
port-not-watched = منفذ محلي: لا يُراقَب ما يصل إليه
all-ports-together = { " " }· لكل المنافذ معًا، لأن الطلب لا يذكر منفذه
requests-count = { $count ->
    [zero] لا طلبات
    [one] طلب واحد
    [two] طلبان
    [few] { $count } طلبات
    [many] { $count } طلبًا
   *[other] { $count } طلب
}
the-last = الأخير { $time }
requests = الطلبات الواصلة
requests-empty = لا طلبات بعد. أرسل طلبًا إلى الهدف، وإن سمح به المرشّح ظهر هنا.
environment-empty = لا متغيرات بعد. تظهر المتغيرات هنا عندما تجلب الجلسة بيئة الهدف.
variables-count = { $count ->
    [zero] لا متغيرات
    [one] متغير واحد
    [two] متغيران
    [few] { $count } متغيرات
    [many] { $count } متغيرًا
   *[other] { $count } متغير
}
value-unknown = الاسم وحده معروف
show-all-values = إظهار كل القيم
hidden-note = القيم المخفية تظهر بنقرة. البرامج التي يمكنها استخدام API الخاص بـ mirrord ui تراها، ولا تُرسل إلى هاتف أبدًا.
processes-empty = لا عمليات معروفة بعد. تظهر العمليات هنا عندما تبدأ ضمن الجلسة.
running-count = { $count ->
    [zero] قيد التشغيل: { $count }
    [one] قيد التشغيل: { $count }
    [two] قيد التشغيل: { $count }
    [few] قيد التشغيل: { $count }
    [many] قيد التشغيل: { $count }
   *[other] قيد التشغيل: { $count }
}
more-processes = { $count ->
    [zero] عمليات أخرى لم تُحفظ: { $count }
    [one] عمليات أخرى لم تُحفظ: { $count }
    [two] عمليات أخرى لم تُحفظ: { $count }
    [few] عمليات أخرى لم تُحفظ: { $count }
    [many] عمليات أخرى لم تُحفظ: { $count }
   *[other] عمليات أخرى لم تُحفظ: { $count }
}
still-runs = قيد التشغيل
ran-for = استمرت { $time }
config-asked = جارٍ سؤال الجلسة عن إعداداتها…
config-failed = تعذّر جلب الإعدادات.
config-none = تعمل هذه الجلسة بلا ملف إعدادات. ابدأ جلسة بالأمر mirrord exec -f mirrord.json لتظهر قواعدها هنا.
config-no-text = تذكر الجلسة اسم الملف دون محتواه.
decided-count = { $count ->
    [zero] قرر { $count } حدث
    [one] قرر حدثًا واحدًا
    [two] قرر حدثين
    [few] قرر { $count } أحداث
    [many] قرر { $count } حدثًا
   *[other] قرر { $count } حدث
}
default-rules = قواعد لا يذكرها الملف
default-rules-note = قررت هذه افتراضيًا. ذكر إحداها في الملف يتجاوزها.
what-if = ماذا لو
what-if-hint = تعديل الإعدادات ورؤية ما ستغيّره في هذا التشغيل
what-if-loading = جارٍ تحميل المقيّم وأحداث هذا التشغيل…
what-if-failed = تعذر تحميل المقيّم أو الأحداث.
what-if-label = إعدادات للتجربة
what-if-decided = أحداث تقررت من جديد: { $count }
what-if-range = الأحداث من { $first } إلى { $last }
what-if-problems = الأخطاء: { $count }. لا يتقرر شيء حتى تزول.
what-if-at = السطر { $line }، العمود { $column }
what-if-resolved = نص ملف JSON غير معروف هنا: هذه هي الإعدادات كما فُهمت.
what-if-none = لم تكن لهذا التشغيل إعدادات: يُقارن بالقيم الافتراضية في mirrord.
what-if-variables = متغيرات كانت لها الأولوية على الملف وليست في هذا النص: { $names }
what-changes = ما الذي يتغير
changes-before = قبل
changes-after = بعد
what-if-same = تقررت كما كانت: { $count }
what-if-omitted = والمزيد: { $count }
what-if-missing = معلومات ناقصة لا يعرفها إلا العنقود أو الجهاز
what-if-unhooked = استدعاءات لا يراها mirrord أبدًا: { $count }
suggestions = اقتراحات
suggestions-note = من هذا التشغيل وحده. يُدمج التغيير في الإعدادات.
suggestions-variables = متغيرات البيئة تسبق الملف: لا يُقترح أي تغيير فيه.
suggestion-try = جرّبه في «ماذا لو»
suggestion-rows = العمليات: { $count }
suggestion-changed = قُررت على نحو آخر: { $count }
suggestion-unchanged = لا يغيّر شيئًا في هذا التشغيل
suggestion-excluded-variable = مستبعد، وقد استُخدمت قيمته المحلية
suggestion-uncovered-destination = ليست في أي مدخل من المرشح
suggestion-looks-remote = بُحث عنه هنا دون جدوى؛ لعله في العنقود
suggestion-looks-local = يبدو محليًا، وكان سيُقرأ في العنقود
suggestion-exists-locally = موجود هنا، وكان سيُقرأ في العنقود
suggestion-aws-mapped = منقول إلى مكان آخر افتراضيًا
suggestion-unused-port = كان سيُشترك فيه، ولم يصل شيء
suggestion-unused-rule = لم يقرر شيئًا في هذا التشغيل
nothing-redirected = لم يُعد توجيه أي شيء: يبيّن التوجيه إلى أين ستذهب كل عملية وفق هذه الإعدادات.
never-matched = لم تطابق قط
depends = يعتمد
unhooked-static = غير معترَض: برنامج ثابت
unhooked-loader = غير معترَض: من المحمّل
download = تنزيل
figure-total = الأحداث
figure-rate = المعدل الآن
figure-peak = أكثر ثانية ازدحامًا
figure-lost = فُقد في الطريق
figure-withheld = أُبلغ بعدده فقط
figure-older = قبل أقدم محفوظ
figure-given-up = تخلى عنه سجل هذه الصفحة
routing-unknown = لم تذكره هذه الجلسة
events-count = { $count ->
    [zero] لا أحداث
    [one] حدث واحد
    [two] حدثان
    [few] { $count } أحداث
    [many] { $count } حدثًا
   *[other] { $count } حدث
}
chart-hint = أشر إلى المخطط، أو ركّز عليه واستخدم مفاتيح الأسهم، لقراءة أرقامه.
each-bar = كل عمود { $time }
as-table = المخطط كجدول
top-paths = المسارات الأكثر استخدامًا
top-hosts = الأسماء الأكثر استعلامًا
only-like = مثل هذا فقط
hide-like = إخفاء مثل هذا
any-process = أي عملية
any-routing = أي توجيه
filter-process = التصفية حسب العملية
filter-routing = التصفية حسب التوجيه
export = تصدير
export-hint = يحفظ الصفوف المعروضة دون القيم المخفية
more-characters = { $count ->
    [zero] … وأحرف أخرى: { $count }؛ النسخة كاملة
    [one] … وأحرف أخرى: { $count }؛ النسخة كاملة
    [two] … وأحرف أخرى: { $count }؛ النسخة كاملة
    [few] … وأحرف أخرى: { $count }؛ النسخة كاملة
    [many] … وأحرف أخرى: { $count }؛ النسخة كاملة
   *[other] … وأحرف أخرى: { $count }؛ النسخة كاملة
}
no-namespace = بلا مساحة أسماء
no-key = بلا مفتاح
overview = كل الجلسات
group-by = تجميع
sort-by = ترتيب
by-status = الحالة
by-target = الهدف
by-namespace = مساحة الأسماء
by-key = المفتاح
by-nothing = بلا
sort-newest = الأحدث
sort-name = الاسم
sort-rate = المعدل
sort-events = الأحداث
sort-own = ترتيب خاص
column-status = الحالة
column-session = الجلسة
column-processes = العمليات
column-ports = المنافذ
column-rate = المعدل
column-routing = التوجيه
column-events = الأحداث
column-age = العمر
routing-mock = محاكى
routing-error = خطأ
choose-session = اختيار { $session }
chosen-count = { $count ->
    [zero] المختار: { $count }
    [one] المختار: { $count }
    [two] المختار: { $count }
    [few] المختار: { $count }
    [many] المختار: { $count }
   *[other] المختار: { $count }
}
show-together = عرض معًا
at-most-together = يتسع السجل الواحد لعدد { $count } من الجلسات كحد أقصى.
clear-chosen = إلغاء الاختيار
move-session = نقل { $session }: سهم لأعلى، سهم لأسفل
moved-to = { $session }: الموضع { $place }
menu-of = إجراءات { $session }
details = التفاصيل
pin = تثبيت
unpin = إلغاء التثبيت
move-up = نقل لأعلى
move-down = نقل لأسفل
pinned-word = مثبّتة
open-on-desktop = مفتوحة على الحاسوب
key-label = مفتاح للتجميع
copy-socket = نسخ مسار المقبس
end-ask = إنهاء…
end-title = إنهاء هذه الجلسة؟
end-text = ينهي هذا الأمر وكل عملية بدأها:
end-force = يُطلب منها الانتهاء، وبعد 5 ث تُجبر عليه.
end-released = لا يستطيع إصدار منشور من mirrord إنهاء برنامجه من هنا، بل API جلسته فقط. أنهِ البرنامج عبر عملياته:
end-no-process = لا عملية معروفة لها.
end-now = { $count ->
    [zero] إنهاء { $count } عملية
    [one] إنهاء عملية واحدة
    [two] إنهاء عمليتين
    [few] إنهاء { $count } عمليات
    [many] إنهاء { $count } عملية
   *[other] إنهاء { $count } عملية
}
end-session = إنهاء الجلسة
cancel = إلغاء
ending = جارٍ الإنهاء…
has-ended = انتهت.
still-ending = قبلت الطلب ولم تنتهِ خلال 10 ث. تواصل المحاولة، وتُظهر هذه الصفحة انتهاءها.
end-failed = تعذّر إنهاؤها.
dismiss = إزالة
dismiss-all = { $count ->
    [zero] إزالة كل المنتهية ({ $count })
    [one] إزالة كل المنتهية ({ $count })
    [two] إزالة كل المنتهية ({ $count })
    [few] إزالة كل المنتهية ({ $count })
    [many] إزالة كل المنتهية ({ $count })
   *[other] إزالة كل المنتهية ({ $count })
}
dismiss-failed = تعذّرت إزالتها.
rename = إعادة التسمية…
rename-title = تسمية هذه الجلسة
rename-label = الاسم
rename-text = يظهر حيثما تظهر الجلسة. إن كان فارغًا فلها الاسم الذي بدأت به، أو أمرها.
rename-save = حفظ الاسم
audit-named-session = سُمّيت جلسة
show-more = { $count ->
    [zero] إظهار { $count } أخرى
    [one] إظهار { $count } أخرى
    [two] إظهار { $count } أخرى
    [few] إظهار { $count } أخرى
    [many] إظهار { $count } أخرى
   *[other] إظهار { $count } أخرى
}
together = { $count ->
    [zero] لا جلسات
    [one] جلسة واحدة
    [two] جلستان معًا
    [few] { $count } جلسات معًا
    [many] { $count } جلسة معًا
   *[other] { $count } جلسة معًا
}
legend = جلسات هذا السجل
# Same as in English.
of-session = { $session }: { $text }
not-here = ليست هنا
key-choose = اختيار الجلسة تحت التركيز
keys-overview = في النظرة العامة
mirror-title = العرض على هاتفك
mirror-heading = جلساتك على هاتفك
mirror-lead = الصفحة نفسها مباشرةً على جهاز في شبكتك، دون القيم السرية.
mirror-settings = الإعدادات
mirror-off = متوقفة
mirror-on = تعمل، لا أحد متصل
mirror-connected = { $count ->
    [zero] المتصلون: { $count }
    [one] المتصلون: { $count }
    [two] المتصلون: { $count }
    [few] المتصلون: { $count }
    [many] المتصلون: { $count }
   *[other] المتصلون: { $count }
}
mirror-waiting = تعذّر الوصول الآن
mirror-failed = تعذّر البدء
mirror-local = هذا الحاسوب
mirror-network = الشبكة
mirror-user = اسم المستخدم
mirror-password = كلمة المرور
mirror-from-settings = من الإعدادات
mirror-from-environment = من البيئة
mirror-for-this-run = لهذا التشغيل
mirror-connected-now = متصل الآن
mirror-no-answer = لا استجابة. هل ما زال mirrord ui يعمل؟
mirror-pair-title = إقران هاتف
mirror-pair-text = امسح الرمز بكاميرا الهاتف. يُدخل جهازًا واحدًا مرة واحدة خلال خمس دقائق.
mirror-pair-off = شغّل المرآة أولًا.
mirror-pair = إظهار رمز
mirror-new-code = رمز جديد
mirror-code = رمز QR للعنوان المجاور
mirror-time-left = صالح لمدة { $time }
mirror-too-old = انتهت صلاحية هذا الرمز. أنشئ رمزًا جديدًا.
mirror-used-by = استخدمه { $device }
mirror-copy-address = نسخ العنوان
mirror-devices = الأجهزة
mirror-no-devices = لا جهاز مسجّل الدخول.
mirror-device-name = اسم الجهاز
mirror-viewer = عرض فقط
mirror-controller = يمكنه إنهاء الجلسات
mirror-grant = السماح بإنهاء الجلسات…
mirror-take-back = عرض فقط
mirror-revoke = إلغاء الوصول…
mirror-revoke-all = إلغاء وصول كل الأجهزة…
mirror-seen = آخر ظهور { $time }
mirror-signed-in = سُجّل الدخول { $time }
mirror-expires = يلزم تسجيل دخول جديد بعد { $time }
mirror-grant-ask = السماح لـ «{ $device }» بإنهاء الجلسات؟
mirror-grant-text = يمكن لحامله إنهاء أي جلسة وعملياتها وتسمية الجلسات، ولا يرى القيم السرية.
mirror-grant-go = السماح بإنهاء الجلسات
mirror-revoke-ask = إلغاء وصول «{ $device }»؟
mirror-revoke-all-ask = إلغاء وصول كل الأجهزة؟
mirror-revoke-text = يُسجّل خروجه فورًا. لا تتغير كلمة المرور: غيّرها إن لزم.
mirror-revoke-go = إلغاء الوصول
mirror-networks = واجهة الشبكة
mirror-everywhere = كل الشبكات
mirror-not-here = { $device } · ليست هنا الآن
mirror-port = المنفذ
mirror-port-hint = من 1 إلى 65535
mirror-port-wrong = رقم من 1 إلى 65535.
mirror-user-hint = فارغ: من البيئة أو mirrord.
mirror-password-hint = من 8 إلى 256 حرفًا، لا تظهر أبدًا. تبقى الأجهزة مسجّلة الدخول.
mirror-password-wrong = من 8 إلى 256 حرفًا.
mirror-password-set = معيّنة؛ اكتب غيرها
mirror-password-none = عشوائية؛ اكتب كلمتك
mirror-password-go = تعيين
mirror-password-random = العودة إلى العشوائية
mirror-tls = التشفير
mirror-tls-off = متوقف
mirror-tls-private = مرجع تصديق خاص
mirror-tls-own = شهادة خاصة بك
mirror-tls-off-hint = يمكن لمن على الشبكة نفسها التنصت.
mirror-tls-private-hint = أُنشئ على هذا الحاسوب؛ على الهاتف الوثوق به مرة واحدة.
mirror-tls-own-hint = مساران كاملان لملفي PEM.
mirror-tls-go = استخدام هذه الشهادة
mirror-certificate = الشهادة
mirror-key = المفتاح
mirror-trust = الوثوق به على الهاتف
mirror-trust-open = افتح هذا على الهاتف وتجاوز التحذير:
mirror-trust-compare = قارن هذه البصمة؛ إن اختلفت فتوقف:
mirror-trust-install = ثبّت الشهادة كما تقول تلك الصفحة.
mirror-trust-download = تنزيل الشهادة
mirror-names = أسماء أخرى
mirror-names-hint = أسماء مضيف أخرى لهذا الحاسوب، بينها فواصل.
mirror-auto-start = البدء مع mirrord ui
mirror-mdns = إعلان الاسم والمنفذ على الشبكة
mirror-command-lines = عرض أسطر الأوامر كاملة على الأجهزة، بما فيها من كلمات مرور
mirror-audit = ما حدث
mirror-audit-text = الأحدث أولًا، دون أسرار.
mirror-audit-empty = لا شيء بعد.
mirror-banner = مرآة { $machine } · عرض فقط
mirror-banner-ends = مرآة { $machine } · يمكنها إنهاء الجلسات
mirror-sign-out = تسجيل الخروج
mirror-sign-in = تسجيل الدخول
mirror-turned-out-title = سُجّل خروج هذا الجهاز
mirror-turned-out = أُلغي وصوله أو سُجّل خروجه أو انقضت أيامه الـ 30. سجّل الدخول مجددًا للمتابعة.
mirror-turned-out-foot = أو امسح رمزًا جديدًا من الحاسوب.
mirror-elsewhere-title = الإعدادات على الحاسوب
mirror-elsewhere = افتح mirrord ui على الحاسوب نفسه.
mirror-values = تبقى القيم على الحاسوب؛ ولا يعرف الجهاز إلا الأسماء.
audit-started = بدأ الاستماع
audit-stopped = توقف
audit-failed = تعذّر الاستماع
audit-signed-in = سُجّل الدخول
audit-sign-in-failed = رُفض تسجيل الدخول
audit-throttled = طُلب الانتظار
audit-ticket-made = أُنشئ رمز
audit-paired = تم الإقران
audit-pairing-failed = رُفض الرمز
audit-signed-out = سُجّل الخروج
audit-revoked = أُلغي الوصول
audit-device-changed = تغيّر الجهاز
audit-refused = رُفض
audit-ended-session = انتهت جلسة
audit-settings-changed = تغيّرت الإعدادات

search-any-column = أي عمود
search-has = { $column } يحتوي على { $value }
search-is = { $column } هو { $value }
search-like = { $column } يشبه { $value }
search-matches = { $column } يطابق { $value }
search-descends = العملية { $process } أو عملية بدأتها
search-present = { $column } معروف
search-and = { $first }، و{ $second }
search-or = { $first }، أو { $second }
search-not = ليس: { $what }
search-no-field = لا يوجد حقل { $name }
search-did-you-mean = { $problem }؛ هل تقصد { $name }؟
search-no-value = { $field }: لا توجد القيمة { $value }
search-not-number = { $field }: يأخذ عددًا أو نطاقًا، و{ $value } ليس كذلك
search-not-time = { $value } ليس وقتًا
search-unfinished = لم يكتمل بعد: { $part }
search-no-group = لا يوجد ( لهذا )
search-too-much = كثير على عامل تصفية واحد
field-direction = الاتجاه
field-size = الحجم
field-name = الاسم
match-place = { $place } من { $total }
match-next = المطابقة التالية
match-previous = المطابقة السابقة
key-matches = المطابقة التالية أو السابقة
saved-filters = عوامل التصفية المحفوظة
save-filter = حفظ عامل التصفية هذا
filter-name = الاسم
delete-filter = حذف { $name }
apply-filter = تصفية حسب { $filter }
milliseconds = { $number } مللي ثانية
times-since-before = منذ الصف السابق
outcome-ok = نجح
outcome-denied = لا إذن
outcome-connected = متصل
outcome-failed = فشل
outcome-pending = لا رد بعد
exit-code = خروج { $code }
operation-lookup = استعلام
bytes-in = وارد { $bytes }
bytes-out = صادر { $bytes }
repeats = ×{ $count } خلال { $time }
fold-repeats = طيّ التكرارات
columns = الأعمدة
column-type = نوع
column-what = ماذا
column-outcome = النتيجة
around = ±1 ث حوله
all-times = كل الأوقات
copy-path = نسخ المسار أو العنوان
copy-row = نسخ الصف
copy-command = نسخ كأمر
row-absent = الحدث #{ $row } من هذا الرابط غير محفوظ هنا.
histogram-scale = الارتفاعات جذور تربيعية
timeline-hint = اسحب لاختيار نطاق زمني؛ بالمفاتيح: الأسهم، Shift مع الأسهم، Esc
failed-count = { $count ->
   [zero] فشل { $count }
   [one] فشل { $count }
   [two] فشل { $count }
   [few] فشل { $count }
   [many] فشل { $count }
  *[other] فشل { $count }
}
remove-term = إزالة: { $term }
play = تشغيل
moments = لحظات التسجيل
moment-event = الحدث { $event } من { $total }
whole-record = التسجيل كله
speed = السرعة
comparison = المقارنة
compare = قارن
swap = بدّل
compare-again = قارن من جديد
nothing-differs = لا فرق.
names-alike = المتطابق: { $count }
not-compared = أحداث أسماء أخرى لم تُقارن: { $count }
only-first = في الأولى وحدها
only-second = في الثانية وحدها
changed-between = مختلف
other-value = قيمة أخرى
just-seen = ظهر
show-its-events = أظهر أحداثه
drop-record = أفلت التسجيلات هنا لفتحها
opening-record = يُفتح { $name }…
not-opened = لم يُفتح { $name }: { $reason }
open-record = افتح تسجيلاً…
history-title = السجل
record = سجّل
stop-recording = أوقف التسجيل
record-hint = يحفظ الجلسة في ملف على هذا الجهاز
save-record = احفظ
save-record-hint = يحفظ ما بقي من الجلسة كتسجيل يُفتح بإفلاته على هذه الصفحة
recording-to = يُسجّل إلى { $file }
recording-ended = { $file }: انتهى التسجيل: { $reason }
history-lead = جلسات انتهت وحُفظت كتسجيلات على هذا الجهاز، من دون قيم المتغيرات.
keep-history = احفظ الجلسات التي تنتهي
search-history = ابحث في السجل
history-off = لا تُحفظ الجلسات. فعّل الحفظ لتجدها هنا بعد انتهائها.
history-empty = لم يُحفظ شيء بعد. تظهر الجلسات هنا بعد انتهائها.
history-bytes = { $bytes } من { $limit }
history-days = أيام على الأكثر: { $count }
delete = احذف
delete-for-good = حذف نهائي؟
end-group = أنهِ الكل
end-group-sure = إنهاء الكل { $count }؟
otlp-sent = أُرسل { $sent } إلى { $endpoint }
