# Measures what needs a real PowerShell: the pipeline beside the direct way, and importing beside an empty binary module.
# Prints the same CSV lines as the benchmark program: what,ours,rival,theirs,ratio,limit.
param(
    [Parameter(Mandatory)][string]$Module,
    [Parameter(Mandatory)][string]$Dump,
    [int]$Rounds = 7
)

$ErrorActionPreference = 'Stop'
$folder = New-Item -ItemType Directory -Path ([IO.Path]::Combine([IO.Path]::GetTempPath(), "elfmmu-bench-$([guid]::NewGuid())"))
$pwsh = [Environment]::ProcessPath

function Get-Median([double[]]$Values) {
    ($Values | Sort-Object)[[int][Math]::Floor($Values.Count / 2)]
}

# Milliseconds of each, in turn, so that a machine that gets slower gets slower for both.
function Measure-Pair([scriptblock]$Ours, [scriptblock]$Theirs) {
    & $Ours; & $Theirs
    $a, $b, $ratio = @(), @(), @()
    for ($i = 0; $i -lt $Rounds; $i++) {
        $x = (Measure-Command $Ours).TotalMilliseconds
        $y = (Measure-Command $Theirs).TotalMilliseconds
        $a += $x; $b += $y; $ratio += $x / $y
    }
    [pscustomobject]@{ Ours = Get-Median $a; Theirs = Get-Median $b; Ratio = Get-Median $ratio }
}

function Write-Figure([string]$What, [string]$Rival, $Pair, $Limit) {
    $bound = if ($Limit) { '{0:f2}' -f $Limit }
    '{0},{1:f0} ms,{2},{3:f0} ms,{4:f2},{5}' -f $What, $Pair.Ours, $Rival, $Pair.Theirs, $Pair.Ratio, $bound
}

try {
    Import-Module $Module
    $piped = Join-Path $folder 'piped.elf'
    $direct = Join-Path $folder 'direct.elf'
    $pair = Measure-Pair { Get-PageTableMapping $Dump | Export-ElfCore $piped } { Export-ElfCore $direct -Dump $Dump }
    Write-Figure 'Get-PageTableMapping | Export-ElfCore' 'Export-ElfCore -Dump' $pair 1.3

    # What a user waits for: a new pwsh that imports the module. Format views cost the same fixed 12 ms in any module.
    $empty = Join-Path $folder 'Empty.dll'
    Add-Type -OutputAssembly $empty -TypeDefinition @'
[System.Management.Automation.Cmdlet("Get", "Nothing")]
public class GetNothingCommand : System.Management.Automation.PSCmdlet { }
'@
    $manifest = Join-Path $Module 'ElfMmu.psd1'
    $pair = Measure-Pair {
        & $pwsh -NoProfile -NonInteractive -Command "Import-Module '$manifest'"
    } {
        & $pwsh -NoProfile -NonInteractive -Command "Import-Module '$empty'"
    }
    Write-Figure 'pwsh -c Import-Module ElfMmu' 'an empty binary module' $pair 2
    $inside = { param($Path) [double](& $pwsh -NoProfile -NonInteractive -Command "(Measure-Command { Import-Module '$Path' }).TotalMilliseconds") }
    $ours = Get-Median (1..$Rounds | ForEach-Object { & $inside $manifest })
    $theirs = Get-Median (1..$Rounds | ForEach-Object { & $inside $empty })
    Write-Figure 'of it inside the process' 'an empty binary module' ([pscustomobject]@{ Ours = $ours; Theirs = $theirs; Ratio = $ours / $theirs })
} finally {
    Remove-Item -LiteralPath $folder -Recurse -Force
}
