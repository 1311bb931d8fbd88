# 繁體中文

# Same as in English.
app-name = mirrord
title = 工作階段監視器
# Same as in English.
edition-oss = OSS
# Same as in English.
edition-teams = Teams
edition-unknown = 版本類型不明
license-until = 有效至 { $date }
license-expired = 已於 { $date } 到期
upgrade = 升級至 Teams
opens-new-tab = 在新分頁中開啟
all-sessions = mirrord，所有工作階段
connecting = 正在連線
syncing = 正在同步
live = 即時
retrying = { $seconds } 秒後重試
retrying-now = 正在重試
signed-out = 已登出
retry-now = 立即重試
sessions-count = { $count ->
   *[other] { $count } 個工作階段
}
# Same as in English.
per-second = { $rate }/s
dropped = { $count ->
   *[other] 遺失 { $count } 個
}
dropped-hint = 從工作階段到此頁面之間遺失的事件
preferences = 偏好設定
theme = 佈景主題
theme-is = 佈景主題：{ $theme }
theme-system = 跟隨系統
theme-light = 淺色
theme-dark = 深色
density = 密度
density-compact = 緊密
density-comfortable = 寬鬆
times = 時間
times-absolute = 時刻
times-relative = 多久之前
times-since-start = 自開始起
language = 語言
language-of-browser = 跟隨瀏覽器
single-keys = 單鍵快速鍵
show-env-values = 顯示變數的值
notify = 工作階段結束時通知
notify-blocked = 瀏覽器封鎖了此頁面的通知：請在其設定中允許。
notify-insecure = 通知需要 https，或本機自己的瀏覽器。
notify-missing = 此瀏覽器沒有通知功能。
notify-many = { $count ->
   *[other] { $count } 個工作階段已結束
}
skip = 跳至內容
sessions = 工作階段
filter-sessions = 篩選工作階段
group-live = 執行中
group-unresponsive = 沒有回應
group-ended = 已結束
none-matches = 沒有符合的工作階段。
more-sessions = { $count ->
   *[other] 另有 { $count } 個工作階段未列出
}
no-command = （命令不明）
targetless = 無目標
processes = { $count ->
   *[other] { $count } 個處理程序
}
status-live = 執行中
status-unresponsive = 沒有回應
status-ended = 已結束
row-started = 啟動
row-ended = 已結束
ended-ago = { $time }前
seconds = { $number } 秒
minutes = { $number } 分鐘
hours = { $number } 小時
days = { $number } 天
empty-title = 沒有執行中的工作階段
empty-text = 以 mirrord 執行程式，它會立即出現在這裡：
empty-foot = 已發行版本的 mirrord 工作階段同樣找得到。
loading-title = 正在尋找工作階段…
loading-sessions = 請稍候。
unreachable-title = mirrord ui 沒有回應
unreachable-text = 它可能已停止。重新啟動後，此頁面會自動恢復：
signed-out-title = 您已登出
signed-out-text = 此頁面需要附有權杖的連結，權杖屬於執行中的 mirrord ui。以下列命令輸出連結：
signed-out-foot = 然後在此瀏覽器中開啟輸出的連結。
try-again = 重試
stopped-title = 此頁面已停止
stopped-text = 頁面出了問題。工作階段仍在繼續：重新載入頁面即可檢視。報告有助於修復問題。
reload = 重新載入
copy-report = 複製報告
copy = 複製
copied = 已複製
copy-table = 複製為文字
printed-part = 只列印了畫面上可見的部分。要取得全部，請在頁面使用：{ $action }
copy-failed = 請選取後手動複製
copy-id = 複製 ID
copy-json = 複製 JSON
gone-title = 這裡沒有此工作階段
gone-text = 它在 mirrord ui 啟動前已結束、已被移除，或連結屬於另一台電腦。
back-to-list = 所有工作階段
views = 工作階段檢視
tab-events = 事件
tab-files = 檔案
tab-network = 網路
tab-ports = 連接埠
tab-environment = 環境變數
tab-processes = 處理程序
tab-config = 設定檔
tab-stats = 統計
kind-file = 檔案
# Same as in English.
kind-dns = dns
kind-connect = 連線
kind-port = 連接埠
kind-request = 請求
kind-env = 環境
kind-process = 處理程序
kind-other = 其他
one-file = 檔案
# Same as in English.
one-dns = dns
one-connect = 連線
one-port = 連接埠
one-request = 請求
one-env = 環境
one-process = 處理程序
one-other = 其他
filter-kinds = 事件類型
chip-hint = 按一下可顯示或隱藏，按住 Alt 再按則只顯示此項
search = 詞語、field:value、/regex/
search-label = 搜尋事件
bad-pattern = 規則運算式無效
pause = 暫停
resume = 繼續
# Same as in English.
plus-waiting = +{ $count }
clear = 清除
clear-hint = 清空此記錄，計數保留。
log-label = 工作階段的事件
log-loading = 正在取得先前的事件…
log-failed = 無法取得先前的事件。
log-empty = 尚無事件。程式執行時，事件會出現在這裡。
log-empty-ended = 此工作階段沒有保留任何內容。
log-cleared = 已清除。新事件會出現在這裡。
log-cleared-ended = 已清除。
undo-clear = 復原清空
requests-not-seen = 此工作階段看不到請求：它沒有提供目標的連接埠。
nothing-seen = 工作階段結束前沒有看到這類內容。
before-start = 開始之前：{ $count }
ended-broken = 其 mirrord 被強制終止
held-here = mirrord ui 已不認識它；此頁保留所見內容
stale-foot = 無連線
stale-since = 以下內容截至 { $time }。
stale-signed-out = mirrord ui 已重新啟動。請輸出連結並在此瀏覽器中開啟。
blocked-title = mirrord ui 拒絕此位址
blocked-text = 代理更改了 Host 標頭。請讓 mirrord ui 知道此頁面的名稱：
socket-title = 即時連線無法開啟
socket-text = 請求有回應，/ws 的 WebSocket 沒有：中間有東西阻擋。請放行 WebSocket。
no-cookies-text = 此瀏覽器不在這裡保存 Cookie。請輸出帶權杖的連結：
no-cookies-foot = 然後用 #token= 代替 ?token= 開啟。
incomplete = 不完整：看不到經過 { $means } 的內容
log-no-match = 沒有符合篩選條件的事件。
clear-filter = 全部顯示
log-searching = 正在搜尋…
missed-lost = { $count ->
   *[other] { $count } 個事件未送達此處
}
missed-withheld = { $count ->
   *[other] { $count } 個事件僅回報計數
}
missed-older = { $count ->
   *[other] { $count } 個更早的事件未保留於此
}
following = 跟隨中 · 最新的在底部
not-following = 未跟隨
paused = 已暫停 · { $count } 個等待中
ended-foot = 已結束
jump = 跳至最新
shown = 顯示 { $shown } / { $total }
ring-dropped = 已捨棄 { $count } 個較舊的
histogram = 事件隨時間的分布
histogram-says = 最多 { $count } 個事件，每 { $time }
remote = 遠端
local = 本機
not-found = 找不到
detail = 事件
close = 關閉
field-path = 路徑
field-operation = 操作
field-host = 主機
field-address = 位址
field-port = 連接埠
field-protocol = 通訊協定
field-mode = 模式
field-filter = 篩選器
field-method = 方法
field-variables = 變數
field-command = 命令
field-parent = 父處理程序
field-process = 處理程序
field-time = 時間
field-routing = 路由
field-rule = 決定規則
into-session = 開始後 { $time }
show-values = 顯示值
hide-values = 隱藏值
keys-title = 鍵盤快速鍵
keys-hint = ? 快速鍵
keys-anywhere = 任何位置
keys-session = 工作階段中
keys-log = 記錄中
key-neighbours = 上一個、下一個工作階段
key-theme = 下一個佈景主題
key-move = 下一列、上一列
key-details = 該列的詳細資料
key-pause = 暫停或繼續
palette = 搜尋或跳至
palette-placeholder = 搜尋或跳至…
palette-found = { $count ->
   *[other] { $count } 個項目
}
palette-nothing = 沒有這個名稱的項目。
palette-searching = 正在搜尋所有工作階段…
palette-partial = 可能還有更多：請再多輸入一些。
palette-failed = 無法搜尋工作階段。
palette-not-kept = 已不再保留
actions = 動作
search-view = 篩選此表格
no-row-matches = 沒有符合篩選條件的內容。清除篩選即可查看全部。
covers-all = 自工作階段開始起的計數
covers-some = { $count } 個事件的計數
column-operations = 操作
column-first = 首次
column-last = 末次
column-destination = 目的地
column-name = 名稱
column-connections = 連線
column-led-to = 指向
column-lookups = 查詢
column-since = 起始
column-arrived = 已送達
column-requests = 請求
column-value = 值
column-fetched = 取得時間
# Same as in English.
column-pid = pid
column-started = 開始
column-ended = 結束
tab-summary = 摘要
worth-a-look = 值得一看
nothing-stands-out = 目前沒有異常。
nothing-stood-out = 沒有異常。
show-rows = 查看列
found-died = { $command } 因 { $signal } 終止。
found-bind-failed = 無法監聽連接埠 { $port }。
found-refused = 到 { $destination } 的連線失敗。
found-not-followed = 查詢了 { $name }，但之後沒有連線。
found-no-answer = { $destination } 沒有回應。
found-again = 反覆尋找 { $path }，但沒有找到。
found-denied = 沒有權限開啟 { $path }。
found-nowhere = 尋找了 { $name }，哪裡都沒有。
found-unreached = 還沒有連線到達連接埠 { $port }。
places-count = { $count ->
   *[other] { $count } 個位置
}
files-looked-for = 尋找的檔案
processes-died = 異常終止的程序
column-where = 位置
column-result = 結果
column-times = 次數
column-traffic = 入 / 出
column-listens = 監聽
column-came = 到達
answer-found = 找到
answer-written = 已寫入
answer-denied = 無權限
answer-connected = 已連線
answer-failed = 失敗
answer-pending = 尚無回應
never = 從未
died-of = 因 { $signal } 終止
ended-with = 結束代碼 { $code }
not-listening = 無法監聽
loopback-only = 僅迴路
ipv6-only = 僅 IPv6
failures = { $count } 失敗
failed-only = 僅失敗
with-children = 含子程序
column-folder = 資料夾
no-connection-since = 自 { $time } 起無連線
as-tree = 樹狀
not-found-count = { $count } 個找不到
paths-count = { $count ->
   *[other] { $count } 個路徑
}
files-inside = 內含 { $count } 個
files-empty = 尚未存取任何檔案。程式開啟、讀取或尋找檔案時，路徑會出現在這裡。
more-events = { $count ->
   *[other] 另有 { $count } 個屬於其他項目的事件因空間不足未列出
}
destinations = 連線
destinations-empty = 尚無對外連線。程式建立連線後，目的地會出現在這裡。
lookups = 查詢的名稱
lookups-empty = 尚無 DNS 查詢。程式查詢名稱後，名稱會出現在這裡。
failed-lookups = { $count } 次查詢失敗
no-connection = 之後沒有連線
sure-likely = 很可能
sure-perhaps = 可能
sure-note = 名稱與位址的對應是推斷出來的：同一處理程序在連線前 5 秒內查詢過該名稱。很可能：只查詢過這一個。可能：是多個中的最後一個。
ports-empty = 沒有訂閱連接埠。程式接聽且工作階段為其提供服務時，連接埠會出現在這裡。
port-nothing = 已訂閱，{ $time }內沒有收到任何內容
port-nothing-yet = 已訂閱，目前沒有收到任何內容
port-not-watched = 本機連接埠：不監看送達它的內容
all-ports-together = { " " }· 所有連接埠合計，因為請求不會指明其連接埠
requests-count = { $count ->
   *[other] { $count } 個請求
}
the-last = 最近一次在 { $time }
requests = 送達的請求
requests-empty = 尚無請求送達。傳送一個請求到目標，若篩選器放行，它會出現在這裡。
environment-empty = 尚未取得變數。工作階段取得目標的環境後，變數會出現在這裡。
variables-count = { $count ->
   *[other] { $count } 個變數
}
value-unknown = 只知道名稱
show-all-values = 顯示所有值
hidden-note = 隱藏只是不顯示：按一下即可查看值。能使用此 mirrord ui 的 API 的程式仍看得到。值絕不會傳送到手機。
processes-empty = 尚無已知的處理程序。處理程序在工作階段下啟動後會出現在這裡。
running-count = { $count ->
   *[other] { $count } 個執行中
}
more-processes = { $count ->
   *[other] 另有 { $count } 個未保留
}
still-runs = 執行中
ran-for = 執行了 { $time }
config-asked = 正在向工作階段要求設定檔…
config-failed = 無法取得設定檔。
config-none = 此工作階段沒有使用設定檔。以 mirrord exec -f mirrord.json 啟動，即可在這裡看到其規則。
config-no-text = 工作階段提供了檔名，但未提供內容。
decided-count = { $count ->
   *[other] 決定了 { $count } 個事件
}
default-rules = 檔案中未寫明的規則
default-rules-note = 這些由預設規則決定。在檔案中寫明即可覆寫。
what-if = 假如
what-if-hint = 編輯設定，查看它會給這次執行帶來什麼變化
what-if-loading = 正在載入評估器和這次執行的事件…
what-if-failed = 無法載入評估器或事件。
what-if-label = 要試的設定
what-if-decided = 重新判定的事件：{ $count }
what-if-range = 事件 { $first } 至 { $last }
what-if-problems = 錯誤：{ $count }。修正之前不作判定。
what-if-at = 第 { $line } 行，第 { $column } 欄
what-if-resolved = 此處沒有 JSON 檔案的原文：這是所理解的設定。
what-if-none = 這次執行沒有設定：與 mirrord 的預設值比較。
what-if-variables = 優先於檔案且不在此文字中的變數：{ $names }
what-changes = 有何變化
changes-before = 之前
changes-after = 之後
what-if-same = 判定與之前相同：{ $count }
what-if-omitted = 還有：{ $count }
what-if-missing = 缺少的資訊，只有叢集或本機知道
what-if-unhooked = mirrord 看不到的呼叫：{ $count }
never-matched = 從未符合
depends = 視情況而定
unhooked-static = 未攔截：靜態程式
unhooked-loader = 未攔截：由載入器
download = 下載
figure-total = 事件
figure-rate = 目前速率
figure-peak = 最忙碌的一秒
figure-lost = 途中遺失
figure-withheld = 僅回報計數
figure-older = 早於所保留的最早事件
figure-given-up = 被此頁面的記錄捨棄
routing-unknown = 此工作階段未說明
events-count = { $count ->
   *[other] { $count } 個事件
}
chart-hint = 指向圖表，或聚焦後用方向鍵查看數值。
each-bar = 每條為 { $time }
as-table = 以表格顯示圖表
top-paths = 存取最多的路徑
top-hosts = 查詢最多的名稱
only-like = 只顯示此類
hide-like = 隱藏此類
any-process = 任何處理程序
any-routing = 任何路由
filter-process = 依處理程序篩選
filter-routing = 依路由篩選
export = 匯出
export-hint = 儲存所顯示的列，不含隱藏的值
more-characters = { $count ->
   *[other] … 還有 { $count } 個字元，複製可得全文
}
no-namespace = 無命名空間
no-key = 無 Key
overview = 所有工作階段
group-by = 分組
sort-by = 排序
by-status = 狀態
by-target = 目標
by-namespace = 命名空間
# Same as in English.
by-key = Key
by-nothing = 無
sort-newest = 最新
sort-name = 名稱
sort-rate = 速率
sort-events = 事件
sort-own = 自訂
column-status = 狀態
column-session = 工作階段
column-processes = 處理程序
column-ports = 連接埠
column-rate = 速率
column-routing = 路由
column-events = 事件
column-age = 時長
routing-mock = 模擬
routing-error = 錯誤
choose-session = 選擇 { $session }
chosen-count = { $count ->
   *[other] 已選擇 { $count } 個
}
show-together = 合併顯示
at-most-together = 一個記錄最多容納 { $count } 個工作階段。
clear-chosen = 取消選擇
move-session = 移動 { $session }：向上鍵、向下鍵
moved-to = { $session }：第 { $place } 位
menu-of = { $session } 的動作
details = 詳細資料
pin = 釘選
unpin = 取消釘選
move-up = 上移
move-down = 下移
pinned-word = 已釘選
open-on-desktop = 已在電腦上開啟
key-label = Key，用於分組
copy-socket = 複製通訊端路徑
end-ask = 結束…
end-title = 結束此工作階段？
end-text = 這會結束該命令及其啟動的所有處理程序：
end-force = 先要求它們結束，5 秒後強制結束。
end-released = 已發行版本的 mirrord 無法從這裡結束其程式，只能結束自己的工作階段 API。請透過處理程序結束程式：
end-no-process = 沒有已知的處理程序。
end-now = { $count ->
   *[other] 結束 { $count } 個處理程序
}
end-session = 結束工作階段
cancel = 取消
ending = 正在結束…
has-ended = 已結束。
still-ending = 它已接受要求，但 10 秒內仍未結束。它會繼續嘗試，結束後此頁面會顯示。
end-failed = 無法結束。
dismiss = 移除
dismiss-all = { $count ->
   *[other] 移除全部 { $count } 個已結束的工作階段
}
dismiss-failed = 無法移除。
rename = 重新命名…
rename-title = 為此工作階段命名
rename-label = 名稱
rename-text = 工作階段出現之處均顯示此名稱。留空則使用啟動時的名稱或其命令。
rename-save = 儲存名稱
audit-named-session = 工作階段已命名
show-more = { $count ->
   *[other] 再顯示 { $count } 個
}
together = { $count ->
   *[other] { $count } 個工作階段合併
}
legend = 此記錄的工作階段
of-session = { $session }：{ $text }
not-here = 不在此處
key-choose = 選擇焦點所在的工作階段
keys-overview = 總覽中
mirror-title = 在手機上顯示
mirror-heading = 在手機上查看工作階段
mirror-lead = 同一頁面，即時顯示在網路中的裝置上，不含機密值。
mirror-settings = 設定
mirror-off = 關閉
mirror-on = 已開啟，無人連線
mirror-connected = { $count ->
   *[other] { $count } 個已連線
}
mirror-waiting = 目前無法連上
mirror-failed = 無法啟動
mirror-local = 本機
mirror-network = 網路
mirror-user = 使用者名稱
mirror-password = 密碼
mirror-from-settings = 來自設定
mirror-from-environment = 來自環境變數
mirror-for-this-run = 本次執行有效
mirror-connected-now = 連線中
mirror-no-answer = 沒有回應。mirrord ui 還在執行嗎？
mirror-pair-title = 配對手機
mirror-pair-text = 以手機相機掃描此碼。五分鐘內有效，僅供一部裝置使用一次。
mirror-pair-off = 請先開啟鏡像。
mirror-pair = 顯示配對碼
mirror-new-code = 新配對碼
mirror-code = 旁邊位址的 QR 碼
mirror-time-left = 剩餘 { $time }
mirror-too-old = 此碼已過期，請產生新的。
mirror-used-by = 已由 { $device } 使用
mirror-copy-address = 複製位址
mirror-devices = 裝置
mirror-no-devices = 沒有已登入的裝置。
mirror-device-name = 裝置名稱
mirror-viewer = 僅供檢視
mirror-controller = 可結束工作階段
mirror-grant = 允許結束工作階段…
mirror-take-back = 改為僅供檢視
mirror-revoke = 撤銷…
mirror-revoke-all = 撤銷所有裝置…
mirror-seen = 上次上線：{ $time }
mirror-signed-in = 登入：{ $time }
mirror-expires = { $time }後須重新登入
mirror-grant-ask = 允許「{ $device }」結束工作階段？
mirror-grant-text = 持有該裝置的人將可結束任何工作階段及其處理程序，並為工作階段命名，但仍看不到機密值。
mirror-grant-go = 允許結束工作階段
mirror-revoke-ask = 撤銷「{ $device }」？
mirror-revoke-all-ask = 撤銷所有裝置？
mirror-revoke-text = 裝置會立即登出。密碼不變：若有人不該知道密碼，請變更。
mirror-revoke-go = 撤銷
mirror-networks = 網路介面
mirror-everywhere = 所有網路
mirror-not-here = { $device } · 目前不存在
mirror-port = 連接埠
mirror-port-hint = 1 到 65535
mirror-port-wrong = 1 到 65535 之間的數字。
mirror-user-hint = 留空：使用環境變數的值或 mirrord。
mirror-password-hint = 8 到 256 個字元，絕不顯示。已登入的裝置保持登入。
mirror-password-wrong = 須為 8 到 256 個字元。
mirror-password-set = 已設定，可輸入新密碼
mirror-password-none = 隨機，可自行輸入
mirror-password-go = 設定
mirror-password-random = 恢復為隨機密碼
mirror-tls = 加密
mirror-tls-off = 關閉
mirror-tls-private = 私有憑證授權單位
mirror-tls-own = 自有憑證
mirror-tls-off-hint = 同一網路中的任何人都能竊聽。
mirror-tls-private-hint = 在本機產生，手機須信任一次。
mirror-tls-own-hint = 兩個 PEM 檔案的絕對路徑。
mirror-tls-go = 使用此憑證
mirror-certificate = 憑證
mirror-key = 私密金鑰
mirror-trust = 在手機上信任
mirror-trust-open = 在手機上開啟此位址，略過警告：
mirror-trust-compare = 核對此指紋，若不一致請停止：
mirror-trust-install = 依該頁面的說明安裝憑證。
mirror-trust-download = 下載憑證
mirror-names = 其他名稱
mirror-names-hint = 本機的其他主機名稱，以逗號分隔。
mirror-auto-start = 隨 mirrord ui 啟動
mirror-mdns = 在網路中公布名稱和連接埠
mirror-command-lines = 向裝置顯示完整的命令列，包括其中的密碼
mirror-audit = 活動記錄
mirror-audit-text = 最新的在前，不含機密。
mirror-audit-empty = 尚無記錄。
mirror-banner = { $machine } 的鏡像 · 僅供檢視
mirror-banner-ends = { $machine } 的鏡像 · 可結束工作階段
mirror-sign-out = 登出
mirror-sign-in = 登入
mirror-turned-out-title = 此裝置已登出
mirror-turned-out = 它已被撤銷或登出，或 30 天期限已過。請重新登入以繼續。
mirror-turned-out-foot = 或在電腦上掃描新的配對碼。
mirror-elsewhere-title = 設定在電腦上
mirror-elsewhere = 請在該電腦上開啟 mirrord ui。
mirror-values = 值只留在電腦上，裝置只能得知名稱。
audit-started = 已開始接聽
audit-stopped = 已停止
audit-failed = 無法接聽
audit-signed-in = 已登入
audit-sign-in-failed = 登入遭拒
audit-throttled = 被要求等待
audit-ticket-made = 已產生配對碼
audit-paired = 已配對
audit-pairing-failed = 配對碼遭拒
audit-signed-out = 已登出
audit-revoked = 已撤銷
audit-device-changed = 裝置已變更
audit-refused = 遭拒絕
audit-ended-session = 工作階段已結束
audit-settings-changed = 設定已變更

search-any-column = 任一欄
search-has = { $column } 包含 { $value }
search-is = { $column } 為 { $value }
search-like = { $column } 形如 { $value }
search-matches = { $column } 符合 { $value }
search-descends = 程序 { $process } 或其啟動的程序
search-present = { $column } 已知
search-and = { $first }，且 { $second }
search-or = { $first }，或 { $second }
search-not = 非：{ $what }
search-no-field = 沒有欄位 { $name }
search-did-you-mean = { $problem }；是指 { $name } 嗎？
search-no-value = { $field }: 沒有值 { $value }
search-not-number = { $field }: 需要數字或範圍，{ $value } 不是
search-not-time = { $value } 不是時間
search-unfinished = 尚未寫完：{ $part }
search-no-group = 這個 ) 沒有對應的 (
search-too-much = 一個篩選器容不下這麼多
field-direction = 方向
field-size = 大小
field-name = 名稱
match-place = 第 { $place } 個，共 { $total } 個
match-next = 下一個相符項
match-previous = 上一個相符項
key-matches = 下一個或上一個相符項
saved-filters = 已儲存的篩選器
save-filter = 儲存此篩選器
filter-name = 名稱
delete-filter = 刪除 { $name }
apply-filter = 依 { $filter } 篩選
milliseconds = { $number } 毫秒
times-since-before = 距上一列
outcome-ok = 成功
outcome-denied = 無權限
outcome-connected = 已連線
outcome-failed = 失敗
outcome-pending = 尚無回應
exit-code = 結束 { $code }
operation-lookup = 查詢
bytes-in = 收 { $bytes }
bytes-out = 發 { $bytes }
repeats = ×{ $count }（{ $time }）
fold-repeats = 摺疊重複
columns = 欄
column-type = 類型
column-what = 內容
column-outcome = 結果
around = 前後 1 秒
all-times = 全部時間
copy-path = 複製路徑或位址
copy-row = 複製列
copy-command = 複製為指令
row-absent = 此連結的事件 #{ $row } 未保留在這裡。
histogram-scale = 高度為平方根
timeline-hint = 拖曳選擇時間範圍；按鍵：方向鍵、Shift+方向鍵、Esc
failed-count = { $count ->
  *[other] { $count } 個失敗
}
remove-term = 移除：{ $term }
