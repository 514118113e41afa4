#!/usr/bin/env pwsh
<#
.SYNOPSIS
    Builds, tests, measures and packs ElfMmu.
.DESCRIPTION
    Everything but Bench's and Test's PowerShell parts works with the .NET SDK alone; without PowerShell run the dotnet commands
    of README.md.
.PARAMETER Task
    Build    the module to out/ElfMmu, and the command line
    Test     xunit, and with it the Pester suite in a fresh pwsh
    Bench    prints one table of figures beside their rivals'
    Package  the module as a zip and the command line as a dotnet tool, both to out/packages
    Demo     exports the sample dump and shows what came out
.EXAMPLE
    ./build.ps1 -Task Test
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Bench', 'Package', 'Demo')]
    [string]$Task = 'Build'
)

$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $true
$root = $PSScriptRoot
$module = Join-Path $root 'out' 'ElfMmu'
$sample = Join-Path $root 'samples' 'linux-x64-tiny.elf.gz'

function Invoke-Build {
    dotnet build (Join-Path $root 'ElfMmu.slnx') -c Release -v quiet
}

function Invoke-Test {
    dotnet test (Join-Path $root 'ElfMmu.slnx') -c Release
}

function Invoke-Bench {
    Invoke-Build
    $benchmarks = Join-Path $root 'tests' 'ElfMmu.Benchmarks'
    $program = Join-Path $benchmarks 'bin' 'Release' 'net10.0' 'ElfMmu.Benchmarks.dll'
    $lines = @(dotnet $program)
    $lines += pwsh -NoProfile -NonInteractive -File (Join-Path $benchmarks 'Measure-Module.ps1') -Module $module -Dump $sample
    $lines | ConvertFrom-Csv -Header What, Ours, Rival, Theirs, Ratio, Limit |
        Format-Table -AutoSize | Out-String -Width 160 -Stream | Where-Object { $_ }
    dotnet $program modes | ConvertFrom-Csv -Header Mode, Pages, Walked, Tables, Read, 'Page to ia32e' |
        Format-Table -AutoSize | Out-String -Width 160 -Stream | Where-Object { $_ }
    dotnet $program resolve | ConvertFrom-Csv -Header Addresses, Translator, 'Plain walk', Ratio |
        Format-Table -AutoSize | Out-String -Width 160 -Stream | Where-Object { $_ }
    dotnet $program index | ConvertFrom-Csv -Header 'Look-up', Ours, Rival, Theirs, Factor |
        Format-Table -AutoSize | Out-String -Width 160 -Stream | Where-Object { $_ }
    dotnet $program roots |
        ConvertFrom-Csv -Header Dump, Modes, Search, Pass, Ratio, Limit, Mapped, Heap, 'Of dump', Own, 'Own of dump', 'Pages mapped' |
        Format-Table -AutoSize | Out-String -Width 160 -Stream | Where-Object { $_ }
    dotnet $program search |
        ConvertFrom-Csv -Header 'Searched for', Hits, Time, Speed, Pass, 'Speed of pass', Ratio, grep, 'Hits of grep' |
        Format-Table -AutoSize | Out-String -Width 160 -Stream | Where-Object { $_ }
}

function Invoke-Package {
    Invoke-Build
    $packages = Join-Path $root 'out' 'packages'
    $null = New-Item -ItemType Directory -Force -Path $packages
    dotnet pack (Join-Path $root 'src' 'ElfMmu.Cli') -c Release -v quiet -o $packages
    $version = (Import-PowerShellDataFile (Join-Path $module 'ElfMmu.psd1')).ModuleVersion
    $zip = Join-Path $packages "ElfMmu-$version.zip"
    Remove-Item -LiteralPath $zip -Force -ErrorAction Ignore
    Add-Type -AssemblyName System.IO.Compression.ZipFile
    [IO.Compression.ZipFile]::CreateFromDirectory($module, $zip, 'Optimal', $true)
    Get-ChildItem $packages
}

function Invoke-Demo {
    Invoke-Build
    Import-Module $module -Force
    $core = Join-Path ([IO.Path]::GetTempPath()) 'elfmmu-demo.elf'
    Get-PageTableMapping $sample -Privilege User | Select-Object -First 8 | Format-Table | Out-Host
    Get-PageTableMapping $sample | Export-ElfCore $core -PassThru | Get-ElfHeader | Format-List | Out-Host
    "The core is $core; gdb --core $core opens it."
}

& "Invoke-$Task"
