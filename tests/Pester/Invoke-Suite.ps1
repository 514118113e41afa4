#!/usr/bin/env pwsh
# Runs the suite against the module that was built (out/ElfMmu, or $env:ELFMMU_MODULE) and exits with the number of failures:
#     pwsh -NoProfile -File tests/Pester/Invoke-Suite.ps1 [-Path Export*.Tests.ps1] [-Verbosity Detailed] [-ResultPath pester.xml]
[CmdletBinding()]
param(
    # Files of the suite, with commas between them; all by default.
    [string[]]$Path = '*.Tests.ps1',

    # How much Pester says.
    [ValidateSet('None', 'Normal', 'Detailed', 'Diagnostic')]
    [string]$Verbosity = 'Normal',

    # Where to write the results in NUnit's format.
    [string]$ResultPath
)

$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.7.1 -MaximumVersion 5.99.99
$configuration = New-PesterConfiguration
$configuration.Run.Path = @($Path -split ',' | ForEach-Object { Resolve-Path (Join-Path $PSScriptRoot $_) } |
    ForEach-Object ProviderPath)
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = $Verbosity
if ($ResultPath) {
    $configuration.TestResult.Enabled = $true
    $configuration.TestResult.OutputPath = $PSCmdlet.GetUnresolvedProviderPathFromPSPath($ResultPath)
}

try {
    $result = Invoke-Pester -Configuration $configuration
}
finally {
    Remove-Item -LiteralPath (Join-Path ([IO.Path]::GetTempPath()) "elfmmu-pester-$PID") -Recurse -Force -ErrorAction Ignore
}

# Blocks and files that broke before their tests ran count as well.
$failed = $result.FailedCount + $result.FailedBlocksCount + $result.FailedContainersCount
"pester: $($result.PassedCount) passed, $failed failed, $($result.SkippedCount) skipped"
exit [Math]::Min($failed, 250)
