<#
.SYNOPSIS
Runs the examples of the documentation, each in a fresh folder, and says which ones fail.
.PARAMETER Dump
The dump the examples are about.
.PARAMETER Module
The built module.
.PARAMETER Page
The pages; of a cmdlet's page the section Examples is run, of any other page every block of PowerShell.
#>
param(
    [Parameter(Mandatory)] [string] $Dump,
    [string] $Module = "$PSScriptRoot/../../out/ElfMmu",
    [string[]] $Page = @("$PSScriptRoot/../cmdlets/*.md", "$PSScriptRoot/../cookbook.md")
)
Import-Module $Module
$failed = 0
foreach ($file in Get-Item $Page) {
    $text = Get-Content -Raw $file
    if ($text -match '(?ms)^## Examples$(.*?)^## ') {
        $text = $Matches[1]
    }

    foreach ($block in [regex]::Matches($text, '(?ms)^```powershell\r?\n(.*?)^```')) {
        $folder = Join-Path ([IO.Path]::GetTempPath()) "elfmmu-example-$([guid]::NewGuid())"
        & "$PSScriptRoot/New-ExampleFolder.ps1" -Dump $Dump -Path $folder
        Push-Location $folder
        try {
            $ErrorActionPreference = 'Stop'
            $output = & ([scriptblock]::Create($block.Groups[1].Value)) *>&1 | Out-String
            [pscustomobject]@{ Page = $file.BaseName; Result = 'ok'; Lines = $output.Split("`n").Length; Code = $block.Groups[1].Value.Split("`n")[0] }
        }
        catch {
            $failed++
            [pscustomobject]@{ Page = $file.BaseName; Result = "failed: $_"; Lines = 0; Code = $block.Groups[1].Value.Split("`n")[0] }
        }
        finally {
            Pop-Location
            Remove-Item -Recurse -Force -LiteralPath $folder
        }
    }
}

exit $failed
