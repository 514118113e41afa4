<#
.SYNOPSIS
Makes the folder that the examples of the documentation run in.
.DESCRIPTION
The folder gets linux.elf (the dump, unpacked if it is gzip), raw.bin (its RAM from physical address 0 on) and machine.yaml.
Files are links where the file system allows it, for an example must not change them.
.PARAMETER Dump
The dump: a 64-bit little-endian ELF core of physical memory, gzipped or not.
.PARAMETER Path
The folder; it is created.
.PARAMETER Cache
A folder where the unpacked files are kept for the next call.
#>
param(
    [Parameter(Mandatory)] [string] $Dump,
    [Parameter(Mandatory)] [string] $Path,
    [string] $Cache = (Join-Path ([IO.Path]::GetTempPath()) 'elfmmu-examples')
)
$ErrorActionPreference = 'Stop'
$source = Get-Item -LiteralPath $Dump
$store = Join-Path $Cache "$($source.LastWriteTimeUtc.Ticks)-$($source.Length)"
if (-not (Test-Path (Join-Path $store 'raw.bin'))) {
    $null = New-Item -ItemType Directory -Force $store
    $bytes = [IO.File]::ReadAllBytes($source.FullName)
    if ($bytes[0] -eq 0x1f -and $bytes[1] -eq 0x8b) {
        $gzip = [IO.Compression.GZipStream]::new([IO.MemoryStream]::new($bytes), [IO.Compression.CompressionMode]::Decompress)
        $unpacked = [IO.MemoryStream]::new()
        $gzip.CopyTo($unpacked)
        $bytes = $unpacked.ToArray()
    }

    [IO.File]::WriteAllBytes((Join-Path $store 'linux.elf'), $bytes)

    # e_phoff, e_phentsize, e_phnum; then the PT_LOAD whose p_paddr is 0.
    $at = [BitConverter]::ToInt64($bytes, 32)
    foreach ($index in 1..[BitConverter]::ToUInt16($bytes, 56)) {
        if ([BitConverter]::ToUInt32($bytes, $at) -eq 1 -and [BitConverter]::ToInt64($bytes, $at + 24) -eq 0) {
            $ram = [byte[]]::new([BitConverter]::ToInt64($bytes, $at + 32))
            [Array]::Copy($bytes, [BitConverter]::ToInt64($bytes, $at + 8), $ram, 0, $ram.Length)
            [IO.File]::WriteAllBytes((Join-Path $store 'raw.bin'), $ram)
        }

        $at += [BitConverter]::ToUInt16($bytes, 54)
    }
}

$null = New-Item -ItemType Directory -Force $Path
foreach ($name in 'linux.elf', 'raw.bin') {
    try {
        $null = New-Item -ItemType HardLink -Path (Join-Path $Path $name) -Value (Join-Path $store $name)
    }
    catch {
        Copy-Item -LiteralPath (Join-Path $store $name) $Path
    }
}

Copy-Item (Join-Path $PSScriptRoot 'machine.yaml') $Path
