# Installs the Hearthcast agent on Windows, or brings an installed one to the server's version. In a PowerShell that
# was started as administrator:
#
#   & ([scriptblock]::Create((irm https://your-server.example/install.ps1))) CODE
#
# It has not been run on Windows by its authors: please report what goes wrong.
param(
  [string]$Code = '',
  [string[]]$Root = @(),
  [string[]]$Allow = @(),
  [string]$Name = $env:COMPUTERNAME,
  [string]$Edge = '@EDGE@',
  [string]$Registry = 'https://registry.npmjs.org',
  [switch]$AllowDowngrade,
  [switch]$TrustNewKey
)
Set-StrictMode -Version 3
$ErrorActionPreference = 'Stop'
$ReleaseKey = '@RELEASE_KEY@'
$NodeVersion = '@NODE_VERSION@'
$NodeTable = '@NODE_TABLE@'

$admin = [Security.Principal.WindowsPrincipal][Security.Principal.WindowsIdentity]::GetCurrent()
if (-not $admin.IsInRole([Security.Principal.WindowsBuiltInRole]::Administrator)) { throw 'Start PowerShell as administrator, then run this again.' }

$App = Join-Path $env:ProgramFiles 'Hearthcast Agent'
$Data = Join-Path $env:ProgramData 'Hearthcast Agent'
$Config = Join-Path $Data 'agent.toml'
$Versions = Join-Path $Data 'versions'
$Node = Join-Path $App 'node\node.exe'
$Work = Join-Path ([IO.Path]::GetTempPath()) ("hearthcast-" + [guid]::NewGuid())
New-Item -ItemType Directory -Force $Work, $App, $Data, $Versions | Out-Null
# The machine's key lies there: for the system and administrators (by their numbers, as names are translated).
icacls $Data /inheritance:r /grant:r '*S-1-5-18:(OI)(CI)F' '*S-1-5-32-544:(OI)(CI)F' | Out-Null

# Set-Content of Windows PowerShell begins a UTF-8 file with a mark that not every reader expects.
function Write-Text([string]$Path, [string]$Text) { [IO.File]::WriteAllText($Path, $Text) }

try {
  if (-not (Get-Command ffmpeg -ErrorAction SilentlyContinue)) {
    Write-Host '==> Installing ffmpeg'
    winget install --id Gyan.FFmpeg --exact --silent --scope machine --accept-source-agreements --accept-package-agreements
    # Of what was added to the PATH this shell has not heard.
    $env:Path = ('Machine', 'User' | ForEach-Object { [Environment]::GetEnvironmentVariable('Path', $_) }) -join ';'
  }
  # The agent runs as the system, which has another PATH than whoever installs it.
  $tools = foreach ($tool in 'ffmpeg', 'ffprobe') {
    $found = Get-Command $tool -ErrorAction SilentlyContinue
    if (-not $found) { throw "$tool is missing and could not be installed: install ffmpeg, then run this again." }
    "set HEARTHCAST_$($tool.ToUpper())=$($found.Source)"
  }

  if (-not (Test-Path $Node)) {
    Write-Host "==> Fetching Node $NodeVersion"
    $line = ($NodeTable -split "`n" | Where-Object { $_ -like 'win-x64 *' }) -split ' '
    $archive = Join-Path $Work 'node.tgz'
    Invoke-WebRequest -UseBasicParsing "$Registry/$($line[1])/-/$($line[1])-$NodeVersion.tgz" -OutFile $archive
    if ((Get-FileHash -Algorithm SHA512 $archive).Hash -ne $line[2]) { throw 'The registry did not send the Node that was expected: nothing was installed.' }
    tar -xzf $archive -C $Work
    Copy-Item -Recurse -Force (Join-Path $Work 'package\bin') (Join-Path $App 'node')
  }

  $pinned = if (Test-Path $Config) { (Select-String -Path $Config -Pattern '^key *= *"(.*)"').Matches.Groups[1].Value } else { '' }
  if ($pinned -and $pinned -ne $ReleaseKey -and -not $TrustNewKey) { throw "The server's release key is not the one that this machine trusts. If its owner has built it anew, add -TrustNewKey." }

  Write-Host "==> Fetching the agent from $Edge"
  foreach ($file in 'manifest.json', 'manifest.sig', 'agent.mjs', 'launcher.mjs') { Invoke-WebRequest -UseBasicParsing "$Edge/install/$file" -OutFile (Join-Path $Work $file) }
  @'
@VERIFY@
'@ | ForEach-Object { Write-Text (Join-Path $Work 'verify.cjs') $_ }
  $current = Join-Path $Versions 'current'
  $installed = if (Test-Path $current) { Split-Path -Leaf ([string](Get-Item $current).Target) } else { '' }
  $version = & $Node (Join-Path $Work 'verify.cjs') $Work $ReleaseKey $installed $(if ($AllowDowngrade) { 'yes' } else { '' })
  if ($LASTEXITCODE -ne 0) { throw 'The agent was not installed.' }

  Stop-ScheduledTask -TaskName 'Hearthcast Agent' -ErrorAction SilentlyContinue
  $target = Join-Path $Versions $version
  New-Item -ItemType Directory -Force $target | Out-Null
  Copy-Item -Force (Join-Path $Work 'agent.mjs'), (Join-Path $Work 'launcher.mjs'), (Join-Path $Work 'manifest.json') $target
  Copy-Item -Force (Join-Path $Work 'launcher.mjs') $App
  if (Test-Path $current) { (Get-Item $current).Delete() }
  New-Item -ItemType Junction -Path $current -Target $target | Out-Null

  # Literal texts: backslashes mean themselves.
  if (-not (Test-Path $Config)) {
    $folders = ($Allow | ForEach-Object { "  '$_'," }) -join "`n"
    Write-Text $Config ("edge = '$Edge'`ndata = '$Data'`nname = '$Name'`nlog_file = '$(Join-Path $Data 'agent.log')'`nallow = [`n$folders`n]`n`n[update]`nchannel = `"stable`"`nkey = `"$ReleaseKey`"")
  } elseif ($TrustNewKey) { Write-Text $Config ((Get-Content -Raw $Config) -replace '(?m)^key *= *".*"', "key = `"$ReleaseKey`"") }

  $settings = "set HEARTHCAST_INSTALL=$App`r`nset HEARTHCAST_CONFIG=$Config`r`nset HEARTHCAST_VERSIONS=$Versions`r`n$($tools -join "`r`n")"
  "@echo off`r`n$settings`r`n`"$Node`" `"$current\agent.mjs`" %*" | Set-Content -Encoding ascii (Join-Path $App 'hearthcast-agent.cmd')
  # Started again whenever it ends, but for wrong options, not enrolled or removed, and replaced by another (2 to 4).
  $loop = ":again`r`n`"$Node`" `"$App\launcher.mjs`"`r`nif %errorlevel% geq 2 if %errorlevel% leq 4 exit /b %errorlevel%`r`nping -n 6 127.0.0.1 >nul`r`ngoto again"
  "@echo off`r`n$settings`r`n$loop" | Set-Content -Encoding ascii (Join-Path $App 'serve.cmd')
  $agent = Join-Path $App 'hearthcast-agent.cmd'
  # What an uninstall takes away again.
  $record = @{
    app = $App; data = $Data; config = $Config; command = $agent; node = $Node; user = 'SYSTEM'; madeUser = $false
    service = @{ kind = 'task'; file = 'Hearthcast Agent' }; packages = @()
  }
  Write-Text (Join-Path $App 'install.json') (ConvertTo-Json $record)

  if (-not (Test-Path (Join-Path $Data 'identity.json'))) {
    if (-not $Code) { throw 'This machine is not enrolled yet: add the code that "Add a machine" shows in the web app.' }
    $env:HEARTHCAST_CODE = $Code
    & $agent enrol
    if ($LASTEXITCODE -ne 0) { throw 'The machine was not enrolled.' }
  }
  foreach ($one in $Root) { & $agent roots add $one }

  $action = New-ScheduledTaskAction -Execute (Join-Path $App 'serve.cmd')
  $settings = New-ScheduledTaskSettingsSet -RestartCount 999 -RestartInterval (New-TimeSpan -Minutes 1) -ExecutionTimeLimit ([TimeSpan]::Zero)
  Register-ScheduledTask -Force -TaskName 'Hearthcast Agent' -Action $action -Settings $settings -User 'NT AUTHORITY\SYSTEM' -Trigger (New-ScheduledTaskTrigger -AtStartup) | Out-Null
  Start-ScheduledTask -TaskName 'Hearthcast Agent'
  Write-Host "Done: Hearthcast agent $version. Next: choose this machine's folders at $Edge/admin/machines"
} finally {
  Remove-Item -Recurse -Force $Work
}
