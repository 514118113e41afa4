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

    $opened = Open-MemoryDump $Dump
    $pair = Measure-Pair { $null = Find-PageTableRoot $opened } { $null = Find-PageTableRoot $Dump }
    Write-Figure 'Find-PageTableRoot of an opened dump, again' 'the same with its path' $pair 0.1
    $pair = Measure-Pair { $null = Get-PageTableMapping $opened -Rights x } { $null = Get-PageTableMapping $Dump -Rights x }
    Write-Figure 'Get-PageTableMapping of an opened dump, again' 'the same with its path' $pair $null
    Close-MemoryDump $opened

    # In a new process each time, without the process's own start.
    $empty = New-Item -ItemType Directory -Path (Join-Path $folder 'Empty')
    Add-Type -OutputAssembly (Join-Path $empty 'Empty.dll') -TypeDefinition @'
[System.Management.Automation.Cmdlet("Get", "Nothing")]
public class GetNothingCommand : System.Management.Automation.PSCmdlet { }
'@
    # As lean as a manifest gets: the one that New-ModuleManifest writes is long and takes twice as long to read.
    Set-Content (Join-Path $empty 'Empty.psd1') -Value (
        "@{ RootModule = 'Empty.dll'; ModuleVersion = '1.0'; CmdletsToExport = @('Get-Nothing'); FunctionsToExport = @(); " +
        "VariablesToExport = @(); AliasesToExport = @() }")
    function Measure-NewProcess([string]$What, [string]$Rival, [string]$Ours, [string]$Theirs, $Limit) {
        $run = { param($Command) [double](& $pwsh -NoProfile -NonInteractive -Command $Command) }
        $pairs = foreach ($round in 0..$Rounds) {
            [pscustomobject]@{ Ours = & $run $Ours; Theirs = & $run $Theirs }
        }
        $pairs = $pairs | Select-Object -Skip 1 -Property *, @{ Name = 'Ratio'; Expression = { $_.Ours / $_.Theirs } }
        Write-Figure $What $Rival ([pscustomobject]@{
                Ours = Get-Median $pairs.Ours; Theirs = Get-Median $pairs.Theirs; Ratio = Get-Median $pairs.Ratio
            }) $Limit
    }

    $import = "(Measure-Command { Import-Module '{0}' }).TotalMilliseconds"
    Measure-NewProcess 'Import-Module ElfMmu' 'an empty binary module' $import.Replace('{0}', $Module) $import.Replace('{0}', $empty) 2
    Measure-NewProcess 'Import-Module ElfMmu' 'an empty dll without a manifest' $import.Replace('{0}', $Module) $import.Replace('{0}', "$empty/Empty.dll")

    # The views and the engine load with the first cmdlet, so this is what importing puts off.
    $first = "Import-Module '{0}'; (Measure-Command { {1} }).TotalMilliseconds"
    Measure-NewProcess 'first cmdlet after importing' 'Get-Nothing' `
        $first.Replace('{0}', $Module).Replace('{1}', "Get-ElfHeader '$pwsh' -ErrorAction Ignore") `
        $first.Replace('{0}', $empty).Replace('{1}', 'Get-Nothing')
} finally {
    Remove-Item -LiteralPath $folder -Recurse -Force
}
