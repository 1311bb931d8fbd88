# 简体中文

# Same as in English.
app-name = mirrord
title = 会话监视器
# Same as in English.
edition-oss = OSS
# Same as in English.
edition-teams = Teams
edition-unknown = 版本类型未知
license-until = 有效期至 { $date }
license-expired = 已于 { $date } 过期
upgrade = 升级到 Teams
opens-new-tab = 在新标签页中打开
all-sessions = mirrord，所有会话
connecting = 正在连接
syncing = 正在同步
live = 实时
retrying = { $seconds } 秒后重试
retrying-now = 正在重试
signed-out = 已退出登录
retry-now = 立即重试
sessions-count = { $count ->
   *[other] { $count } 个会话
}
# Same as in English.
per-second = { $rate }/s
dropped = { $count ->
   *[other] 丢失 { $count } 个
}
dropped-hint = 会话到此页面之间丢失的事件
preferences = 首选项
theme = 主题
theme-is = 主题：{ $theme }
theme-system = 跟随系统
theme-light = 浅色
theme-dark = 深色
density = 密度
density-compact = 紧凑
density-comfortable = 宽松
times = 时间
times-absolute = 钟点
times-relative = 多久以前
times-since-start = 自开始起
language = 语言
language-of-browser = 跟随浏览器
single-keys = 单键快捷键
show-env-values = 显示变量的值
notify = 会话结束时通知
notify-blocked = 浏览器阻止了此页面的通知：请在其设置中允许。
notify-insecure = 通知需要 https，或本机自己的浏览器。
notify-missing = 此浏览器没有通知功能。
notify-many = { $count ->
   *[other] { $count } 个会话已结束
}
skip = 跳到内容
sessions = 会话
filter-sessions = 筛选会话
group-live = 运行中
group-unresponsive = 无响应
group-ended = 已结束
none-matches = 没有匹配的会话。
more-sessions = { $count ->
   *[other] 另有 { $count } 个会话未列出
}
no-command = （命令未知）
targetless = 无目标
processes = { $count ->
   *[other] { $count } 个进程
}
status-live = 运行中
status-unresponsive = 无响应
status-ended = 已结束
row-started = 启动
row-ended = 已结束
ended-ago = { $time }前
seconds = { $number } 秒
minutes = { $number } 分钟
hours = { $number } 小时
days = { $number } 天
empty-title = 没有正在运行的会话
empty-text = 用 mirrord 运行程序，它会立即显示在这里：
empty-foot = 已发布版本的 mirrord 会话同样能找到。
loading-title = 正在查找会话…
loading-sessions = 请稍候。
unreachable-title = mirrord ui 没有响应
unreachable-text = 它可能已停止。重新启动后，此页面会自动恢复：
signed-out-title = 您已退出登录
signed-out-text = 此页面需要带有令牌的链接，令牌属于正在运行的 mirrord ui。用以下命令输出链接：
signed-out-foot = 然后在此浏览器中打开输出的链接。
try-again = 重试
stopped-title = 此页面已停止
stopped-text = 页面出了问题。会话仍在继续：重新加载页面即可查看。报告有助于修复问题。
reload = 重新加载
copy-report = 复制报告
copy = 复制
copied = 已复制
copy-table = 复制为文本
printed-part = 只打印了可见的部分。要取得全部，请在页面上使用：{ $action }
copy-failed = 请选中后手动复制
copy-id = 复制 ID
copy-json = 复制 JSON
gone-title = 这里没有此会话
gone-text = 它在 mirrord ui 启动前已结束、已被移除，或者链接属于另一台机器。
back-to-list = 所有会话
views = 会话视图
tab-events = 事件
tab-files = 文件
tab-network = 网络
tab-ports = 端口
tab-environment = 环境变量
tab-processes = 进程
tab-config = 配置
tab-stats = 统计
kind-file = 文件
# Same as in English.
kind-dns = dns
kind-connect = 连接
kind-port = 端口
kind-request = 请求
kind-env = 环境
kind-process = 进程
kind-other = 其他
one-file = 文件
# Same as in English.
one-dns = dns
one-connect = 连接
one-port = 端口
one-request = 请求
one-env = 环境
one-process = 进程
one-other = 其他
filter-kinds = 事件类型
chip-hint = 单击显示或隐藏，按住 Alt 单击则仅显示此项
search = 词语、field:value、/regex/
search-label = 搜索事件
bad-pattern = 正则表达式无效
pause = 暂停
resume = 继续
# Same as in English.
plus-waiting = +{ $count }
clear = 清空
clear-hint = 清空此日志，计数保留。
log-label = 会话的事件
log-loading = 正在获取之前的事件…
log-failed = 无法获取之前的事件。
log-empty = 还没有事件。程序运行时，事件会显示在这里。
log-empty-ended = 此会话没有保留任何内容。
log-cleared = 已清空。新事件会显示在这里。
log-cleared-ended = 已清空。
undo-clear = 撤销清空
requests-not-seen = 此会话看不到请求：它没有提供目标的端口。
nothing-seen = 会话结束前没有看到这类内容。
before-start = 开始之前：{ $count }
ended-broken = 其 mirrord 被强行终止
held-here = mirrord ui 已不认识它；此页保留所见内容
stale-foot = 无连接
stale-since = 以下内容截至 { $time }。
stale-signed-out = mirrord ui 已重新启动。请输出链接并在此浏览器中打开。
blocked-title = mirrord ui 拒绝此地址
blocked-text = 代理更改了 Host 标头。请让 mirrord ui 知道此页面的名称：
socket-title = 实时连接打不开
socket-text = 请求有响应，/ws 的 WebSocket 没有：中间有东西阻挡。请放行 WebSocket。
no-cookies-text = 此浏览器不在这里保存 Cookie。请输出带令牌的链接：
no-cookies-foot = 然后用 #token= 代替 ?token= 打开。
incomplete = 不完整：看不到经过 { $means } 的内容
log-no-match = 没有匹配筛选条件的事件。
clear-filter = 全部显示
log-searching = 正在搜索…
missed-lost = { $count ->
   *[other] { $count } 个事件未送达此处
}
missed-withheld = { $count ->
   *[other] { $count } 个事件仅上报了计数
}
missed-older = { $count ->
   *[other] { $count } 个更早的事件未保留在此
}
following = 跟随中 · 最新的在底部
not-following = 未跟随
paused = 已暂停 · { $count } 个等待中
ended-foot = 已结束
jump = 跳到最新
shown = 显示 { $shown } / { $total }
ring-dropped = 已舍弃 { $count } 个较早的
histogram = 事件随时间的分布
histogram-says = 最多 { $count } 个事件，每 { $time }
remote = 远程
local = 本地
not-found = 未找到
detail = 事件
close = 关闭
field-path = 路径
field-operation = 操作
field-host = 主机
field-address = 地址
field-port = 端口
field-protocol = 协议
field-mode = 模式
field-filter = 筛选器
field-method = 方法
field-variables = 变量
field-command = 命令
field-parent = 父进程
field-process = 进程
field-time = 时间
field-routing = 路由
field-rule = 决定规则
into-session = 开始后 { $time }
show-values = 显示值
hide-values = 隐藏值
keys-title = 键盘快捷键
keys-hint = ? 快捷键
keys-anywhere = 任意位置
keys-session = 会话中
keys-log = 日志中
key-neighbours = 上一个、下一个会话
key-theme = 下一个主题
key-move = 下一行、上一行
key-details = 该行的详细信息
key-pause = 暂停或继续
palette = 搜索或跳转
palette-placeholder = 搜索或跳转…
palette-found = { $count ->
   *[other] { $count } 个条目
}
palette-nothing = 没有同名条目。
palette-searching = 正在搜索所有会话…
palette-partial = 可能还有更多：请再多输入一些。
palette-failed = 无法搜索会话。
palette-not-kept = 已不再保留
actions = 操作
search-view = 筛选此表
no-row-matches = 没有匹配筛选条件的内容。清除筛选即可查看全部。
covers-all = 自会话开始起的计数
covers-some = { $count } 个事件的计数
column-operations = 操作
column-first = 首次
column-last = 末次
column-destination = 目的地
column-name = 名称
column-connections = 连接
column-led-to = 指向
column-lookups = 查询
column-since = 起始
column-arrived = 已到达
column-requests = 请求
column-value = 值
column-fetched = 获取时间
# Same as in English.
column-pid = pid
column-started = 开始
column-ended = 结束
tab-summary = 概览
worth-a-look = 值得一看
nothing-stands-out = 目前没有异常。
nothing-stood-out = 没有异常。
show-rows = 查看行
found-died = { $command } 因 { $signal } 终止。
found-bind-failed = 无法监听端口 { $port }。
found-refused = 到 { $destination } 的连接失败。
found-not-followed = 查询了 { $name }，但之后没有连接。
found-no-answer = { $destination } 没有应答。
found-again = 反复查找 { $path }，但没有找到。
found-denied = 没有权限打开 { $path }。
found-nowhere = 查找了 { $name }，哪里都没有。
found-unreached = 还没有连接到达端口 { $port }。
places-count = { $count ->
   *[other] { $count } 个位置
}
files-looked-for = 查找的文件
processes-died = 异常终止的进程
column-where = 位置
column-result = 结果
column-times = 次数
column-traffic = 入 / 出
column-listens = 监听
column-came = 到达
answer-found = 找到
answer-written = 已写入
answer-denied = 无权限
answer-connected = 已连接
answer-failed = 失败
answer-pending = 尚无应答
never = 从未
died-of = 因 { $signal } 终止
ended-with = 退出码 { $code }
not-listening = 无法监听
loopback-only = 仅环回
ipv6-only = 仅 IPv6
failures = { $count } 失败
failed-only = 仅失败
with-children = 含子进程
column-folder = 文件夹
no-connection-since = 自 { $time } 起无连接
as-tree = 树状
not-found-count = { $count } 个未找到
paths-count = { $count ->
   *[other] { $count } 个路径
}
files-inside = 内含 { $count } 个
files-empty = 还没有访问任何文件。程序打开、读取或查找文件时，路径会显示在这里。
more-events = { $count ->
   *[other] 另有 { $count } 个属于其他项的事件因空间不足未列出
}
destinations = 连接
destinations-empty = 还没有传出连接。程序建立连接后，目的地会显示在这里。
lookups = 查询的名称
lookups-empty = 还没有 DNS 查询。程序查询名称后，名称会显示在这里。
failed-lookups = { $count } 次查询失败
no-connection = 之后没有连接
sure-likely = 很可能
sure-perhaps = 可能
sure-note = 名称与地址的对应是推断出来的：同一进程在连接前 5 秒内查询过该名称。很可能：只查询过这一个。可能：是多个中的最后一个。
ports-empty = 没有订阅端口。程序监听且会话为其提供服务时，端口会显示在这里。
port-nothing = 已订阅，{ $time }内没有收到任何内容
port-nothing-yet = 已订阅，目前没有收到任何内容
port-not-watched = 本地端口：不监视到达它的内容
all-ports-together = { " " }· 所有端口合计，因为请求不说明其端口
requests-count = { $count ->
   *[other] { $count } 个请求
}
the-last = 最近一次在 { $time }
requests = 到达的请求
requests-empty = 还没有请求到达。向目标发送一个请求，若筛选器放行，它会显示在这里。
environment-empty = 还没有获取变量。会话获取目标的环境后，变量会显示在这里。
variables-count = { $count ->
   *[other] { $count } 个变量
}
value-unknown = 只知道名称
show-all-values = 显示所有值
hidden-note = 隐藏只是不显示：单击即可查看值。能使用此 mirrord ui 的 API 的程序仍可看到。值绝不会发送到手机。
processes-empty = 还没有已知进程。进程在会话下启动后会显示在这里。
running-count = { $count ->
   *[other] { $count } 个运行中
}
more-processes = { $count ->
   *[other] 另有 { $count } 个未保留
}
still-runs = 运行中
ran-for = 运行了 { $time }
config-asked = 正在向会话请求配置…
config-failed = 无法获取配置。
config-none = 此会话没有使用配置文件。用 mirrord exec -f mirrord.json 启动，即可在这里看到其规则。
config-no-text = 会话给出了文件名，但没有给出内容。
decided-count = { $count ->
   *[other] 决定了 { $count } 个事件
}
default-rules = 文件中未写明的规则
default-rules-note = 这些是默认规则所决定的。在文件中写明即可覆盖。
what-if = 假如
what-if-hint = 编辑配置，查看它会给这次运行带来什么变化
what-if-loading = 正在加载评估器和这次运行的事件…
what-if-failed = 无法加载评估器或事件。
what-if-label = 要试的配置
what-if-decided = 重新判定的事件：{ $count }
what-if-range = 事件 { $first } 至 { $last }
what-if-problems = 错误：{ $count }。修正之前不作判定。
what-if-at = 第 { $line } 行，第 { $column } 列
what-if-resolved = 此处没有 JSON 文件的原文：这是所理解的配置。
what-if-none = 这次运行没有配置：与 mirrord 的默认值比较。
what-if-variables = 优先于文件且不在此文本中的变量：{ $names }
what-changes = 有何变化
changes-before = 之前
changes-after = 之后
what-if-same = 判定与之前相同：{ $count }
what-if-omitted = 还有：{ $count }
what-if-missing = 缺少的信息，只有集群或本机知道
what-if-unhooked = mirrord 看不到的调用：{ $count }
never-matched = 从未匹配
depends = 视情况而定
unhooked-static = 未拦截：静态程序
unhooked-loader = 未拦截：由加载器
download = 下载
figure-total = 事件
figure-rate = 当前速率
figure-peak = 最繁忙的一秒
figure-lost = 途中丢失
figure-withheld = 仅上报计数
figure-older = 早于所保留的最早事件
figure-given-up = 被此页面的日志舍弃
routing-unknown = 此会话未说明
events-count = { $count ->
   *[other] { $count } 个事件
}
chart-hint = 指向图表，或聚焦后用方向键查看数值。
each-bar = 每根柱为 { $time }
as-table = 以表格显示图表
top-paths = 访问最多的路径
top-hosts = 查询最多的名称
only-like = 仅显示此类
hide-like = 隐藏此类
any-process = 任意进程
any-routing = 任意路由
filter-process = 按进程筛选
filter-routing = 按路由筛选
export = 导出
export-hint = 保存所显示的行，不含隐藏的值
more-characters = { $count ->
   *[other] … 还有 { $count } 个字符，复制可得全文
}
no-namespace = 无命名空间
no-key = 无 Key
overview = 所有会话
group-by = 分组
sort-by = 排序
by-status = 状态
by-target = 目标
by-namespace = 命名空间
# Same as in English.
by-key = Key
by-nothing = 无
sort-newest = 最新
sort-name = 名称
sort-rate = 速率
sort-events = 事件
sort-own = 自定义
column-status = 状态
column-session = 会话
column-processes = 进程
column-ports = 端口
column-rate = 速率
column-routing = 路由
column-events = 事件
column-age = 时长
routing-mock = 模拟
routing-error = 错误
choose-session = 选择 { $session }
chosen-count = { $count ->
   *[other] 已选择 { $count } 个
}
show-together = 合并显示
at-most-together = 一个日志最多容纳 { $count } 个会话。
clear-chosen = 取消选择
move-session = 移动 { $session }：上箭头、下箭头
moved-to = { $session }：第 { $place } 位
menu-of = { $session } 的操作
details = 详细信息
pin = 固定
unpin = 取消固定
move-up = 上移
move-down = 下移
pinned-word = 已固定
open-on-desktop = 已在桌面端打开
key-label = Key，用于分组
copy-socket = 复制套接字路径
end-ask = 结束…
end-title = 结束此会话？
end-text = 这将结束该命令及其启动的所有进程：
end-force = 先请求它们结束，5 秒后强制结束。
end-released = 已发布版本的 mirrord 无法从这里结束其程序，只能结束自己的会话 API。请通过进程结束程序：
end-no-process = 没有已知的进程。
end-now = { $count ->
   *[other] 结束 { $count } 个进程
}
end-session = 结束会话
cancel = 取消
ending = 正在结束…
has-ended = 已结束。
still-ending = 它已接受请求，但 10 秒内仍未结束。它会继续尝试，结束后此页面会显示。
end-failed = 无法结束。
dismiss = 移除
dismiss-all = { $count ->
   *[other] 移除全部 { $count } 个已结束的会话
}
dismiss-failed = 无法移除。
rename = 重命名…
rename-title = 为此会话命名
rename-label = 名称
rename-text = 会话出现之处均显示此名称。留空则使用启动时的名称或其命令。
rename-save = 保存名称
audit-named-session = 会话已命名
show-more = { $count ->
   *[other] 再显示 { $count } 个
}
together = { $count ->
   *[other] { $count } 个会话合并
}
legend = 此日志的会话
of-session = { $session }：{ $text }
not-here = 不在此处
key-choose = 选择焦点所在的会话
keys-overview = 总览中
mirror-title = 在手机上显示
mirror-heading = 在手机上查看会话
mirror-lead = 同一页面，实时显示在网络中的设备上，不含机密值。
mirror-settings = 设置
mirror-off = 关闭
mirror-on = 已开启，无人连接
mirror-connected = { $count ->
   *[other] { $count } 个已连接
}
mirror-waiting = 目前无法访问
mirror-failed = 无法启动
mirror-local = 本机
mirror-network = 网络
mirror-user = 用户名
mirror-password = 密码
mirror-from-settings = 来自设置
mirror-from-environment = 来自环境变量
mirror-for-this-run = 本次运行有效
mirror-connected-now = 已连接
mirror-no-answer = 没有响应。mirrord ui 还在运行吗？
mirror-pair-title = 配对手机
mirror-pair-text = 用手机相机扫描此码。五分钟内有效，仅可供一台设备使用一次。
mirror-pair-off = 请先开启镜像。
mirror-pair = 显示配对码
mirror-new-code = 新配对码
mirror-code = 旁边地址的二维码
mirror-time-left = 剩余 { $time }
mirror-too-old = 此码已过期，请生成新的。
mirror-used-by = 已由 { $device } 使用
mirror-copy-address = 复制地址
mirror-devices = 设备
mirror-no-devices = 没有已登录的设备。
mirror-device-name = 设备名称
mirror-viewer = 仅查看
mirror-controller = 可结束会话
mirror-grant = 允许结束会话…
mirror-take-back = 改为仅查看
mirror-revoke = 撤销…
mirror-revoke-all = 撤销所有设备…
mirror-seen = 上次在线：{ $time }
mirror-signed-in = 登录：{ $time }
mirror-expires = { $time }后需重新登录
mirror-grant-ask = 允许“{ $device }”结束会话？
mirror-grant-text = 持有该设备的人将可结束任何会话及其进程，并为会话命名，但仍看不到机密值。
mirror-grant-go = 允许结束会话
mirror-revoke-ask = 撤销“{ $device }”？
mirror-revoke-all-ask = 撤销所有设备？
mirror-revoke-text = 设备会立即退出登录。密码不变：若有人不应知道密码，请更改。
mirror-revoke-go = 撤销
mirror-networks = 网络接口
mirror-everywhere = 所有网络
mirror-not-here = { $device } · 目前不存在
mirror-port = 端口
mirror-port-hint = 1 到 65535
mirror-port-wrong = 1 到 65535 之间的数字。
mirror-user-hint = 留空：使用环境变量的值或 mirrord。
mirror-password-hint = 8 到 256 个字符，绝不显示。已登录的设备保持登录。
mirror-password-wrong = 需为 8 到 256 个字符。
mirror-password-set = 已设置，可输入新密码
mirror-password-none = 随机，可自行输入
mirror-password-go = 设置
mirror-password-random = 恢复为随机密码
mirror-tls = 加密
mirror-tls-off = 关闭
mirror-tls-private = 私有证书颁发机构
mirror-tls-own = 自有证书
mirror-tls-off-hint = 同一网络中的任何人都能窃听。
mirror-tls-private-hint = 在本机生成，手机需信任一次。
mirror-tls-own-hint = 两个 PEM 文件的绝对路径。
mirror-tls-go = 使用此证书
mirror-certificate = 证书
mirror-key = 私钥
mirror-trust = 在手机上信任
mirror-trust-open = 在手机上打开此地址，忽略警告：
mirror-trust-compare = 核对此指纹，若不一致请停止：
mirror-trust-install = 按该页面的说明安装证书。
mirror-trust-download = 下载证书
mirror-names = 其他名称
mirror-names-hint = 本机的其他主机名，用逗号分隔。
mirror-auto-start = 随 mirrord ui 启动
mirror-mdns = 在网络中公布名称和端口
mirror-command-lines = 向设备显示完整的命令行，包括其中的密码
mirror-audit = 活动记录
mirror-audit-text = 最新的在前，不含机密。
mirror-audit-empty = 暂无记录。
mirror-banner = { $machine } 的镜像 · 仅查看
mirror-banner-ends = { $machine } 的镜像 · 可结束会话
mirror-sign-out = 退出登录
mirror-sign-in = 登录
mirror-turned-out-title = 此设备已退出登录
mirror-turned-out = 它已被撤销或退出登录，或 30 天期限已过。请重新登录以继续。
mirror-turned-out-foot = 或在桌面端扫描新的配对码。
mirror-elsewhere-title = 设置在桌面端
mirror-elsewhere = 请在该机器上打开 mirrord ui。
mirror-values = 值只留在桌面端，设备只能得知名称。
audit-started = 已开始监听
audit-stopped = 已停止
audit-failed = 无法监听
audit-signed-in = 已登录
audit-sign-in-failed = 登录被拒
audit-throttled = 被要求等待
audit-ticket-made = 已生成配对码
audit-paired = 已配对
audit-pairing-failed = 配对码被拒
audit-signed-out = 已退出登录
audit-revoked = 已撤销
audit-device-changed = 设备已更改
audit-refused = 被拒绝
audit-ended-session = 会话已结束
audit-settings-changed = 设置已更改

search-any-column = 任一列
search-has = { $column } 包含 { $value }
search-is = { $column } 为 { $value }
search-like = { $column } 形如 { $value }
search-matches = { $column } 匹配 { $value }
search-descends = 进程 { $process } 或其启动的进程
search-present = { $column } 已知
search-and = { $first }，且 { $second }
search-or = { $first }，或 { $second }
search-not = 非：{ $what }
search-no-field = 没有字段 { $name }
search-did-you-mean = { $problem }；是指 { $name } 吗？
search-no-value = { $field }: 没有值 { $value }
search-not-number = { $field }: 需要数字或范围，{ $value } 不是
search-not-time = { $value } 不是时间
search-unfinished = 尚未写完：{ $part }
search-no-group = 这个 ) 没有对应的 (
search-too-much = 一个筛选器容不下这么多
field-direction = 方向
field-size = 大小
field-name = 名称
match-place = 第 { $place } 个，共 { $total } 个
match-next = 下一个匹配
match-previous = 上一个匹配
key-matches = 下一个或上一个匹配
saved-filters = 已保存的筛选器
save-filter = 保存此筛选器
filter-name = 名称
delete-filter = 删除 { $name }
apply-filter = 按 { $filter } 筛选
milliseconds = { $number } 毫秒
times-since-before = 距上一行
outcome-ok = 成功
outcome-denied = 无权限
outcome-connected = 已连接
outcome-failed = 失败
outcome-pending = 尚无应答
exit-code = 退出 { $code }
operation-lookup = 查询
bytes-in = 收 { $bytes }
bytes-out = 发 { $bytes }
repeats = ×{ $count }（{ $time }）
fold-repeats = 折叠重复
columns = 列
column-type = 类型
column-what = 内容
column-outcome = 结果
around = 前后 1 秒
all-times = 全部时间
copy-path = 复制路径或地址
copy-row = 复制行
copy-command = 复制为命令
row-absent = 此链接的事件 #{ $row } 未保留在这里。
histogram-scale = 高度为平方根
timeline-hint = 拖动选择时间范围；按键：方向键、Shift+方向键、Esc
failed-count = { $count ->
  *[other] { $count } 个失败
}
remove-term = 移除：{ $term }
