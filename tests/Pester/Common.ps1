# What the suite's files share; each dot-sources it in BeforeAll. It imports the module that was built, makes small dumps out of a
# few words, and reads cores back without the module's help.

$repository = [IO.Path]::GetFullPath("$PSScriptRoot/../..")
$modulePath = $env:ELFMMU_MODULE ? $env:ELFMMU_MODULE : "$repository/out/ElfMmu"
if (Test-Path -LiteralPath $modulePath -PathType Container) {
    $modulePath = Join-Path $modulePath 'ElfMmu.psd1'
}

$modulePath = (Resolve-Path -LiteralPath $modulePath -ErrorAction Stop).ProviderPath
Import-Module $modulePath -ErrorAction Stop
$commands = 'ElfMmu.PowerShell.Commands'

# --- The sample -------------------------------------------------------------------------------------------------------------

# Unpacked once for all files; Invoke-Suite.ps1 takes the folder away.
function Get-SampleDump {
    $folder = Join-Path ([IO.Path]::GetTempPath()) "elfmmu-pester-$PID"
    $path = Join-Path $folder 'linux.elf'
    if (-not [IO.File]::Exists($path)) {
        $null = New-Item -ItemType Directory -Force $folder
        $packed = [IO.File]::OpenRead("$repository/samples/linux-x64-tiny.elf.gz")
        $unpacking = [IO.Compression.GZipStream]::new($packed, [IO.Compression.CompressionMode]::Decompress)
        $output = [IO.File]::Create($path)
        $unpacking.CopyTo($output)
        $output.Dispose()
        $unpacking.Dispose()
    }

    $path
}

function Get-SampleRegion {
    foreach ($row in Import-Csv "$repository/samples/linux-x64-tiny.regions.csv") {
        [pscustomobject]@{
            Start = [ulong]$row.va; Size = [ulong]$row.len; Rights = $row.prot
            Tag = [ulong]$row.tag; TagStart = [ulong]$row.tagva; Kind = $row.kind
        }
    }
}

# The RAM of the sample as a raw image, and the machine in mmushell's format beside it.
function New-RawSample([string]$Folder) {
    $sample = [IO.File]::OpenRead((Get-SampleDump))
    $load = Read-ElfLoad (Get-SampleDump) | Select-Object -First 1
    $bytes = [byte[]]::new($load.Size)
    $sample.Position = $load.Offset
    $sample.ReadExactly($bytes)
    $sample.Dispose()
    [IO.File]::WriteAllBytes("$Folder/raw.bin", $bytes)
    [IO.File]::WriteAllText("$Folder/machine.yaml", @'
cpu:
  architecture: intel
  endianness: little
  bits: 64
  processor_features:
    m_phy: 40
  registers_values:
    cr3: 0x904000
    cr0: 0x80050033
    cr4: 0x6b0
    efer: 0xd01
mmu:
  mode: ia64
memspace:
  ram:
    - start: 0x0
      end: 0x1ffffff
      dumpfile: raw.bin
  not_ram:
    - start: 0xfec00000
      end: 0xfec00fff
    - start: 0xfed00000
      end: 0xfed00fff
    - start: 0xfee00000
      end: 0xfeefffff
    - start: 0xfffc0000
      end: 0xffffffff
'@)
}

# --- Making dumps -----------------------------------------------------------------------------------------------------------

# A raw image: zeros but for 64-bit words at the offsets given. Large ones take no room on the disk.
function New-RawDump([string]$Path, [ulong]$Size, [System.Collections.IDictionary]$Words = @{}) {
    $file = [IO.File]::Create($Path)
    if ($IsWindows -and $Size -gt 256mb) {
        $null = fsutil sparse setflag $Path
    }

    $file.SetLength([long]$Size)
    foreach ($offset in $Words.Keys) {
        $file.Position = [long]$offset
        $file.Write([BitConverter]::GetBytes([ulong]$Words[$offset]))
    }

    $file.Dispose()
    $Path
}

# Data at every multiple of a stride, so that a sparse dump is one page, one hole, one page, and so on.
function Add-DataPage([string]$Path, [long]$Stride) {
    $file = [IO.FileStream]::new($Path, 'Open', 'ReadWrite', 'None', 0)
    $data = [byte[]]::new(8) + [byte[]](1..8)
    for ($offset = $Stride; $offset -lt $file.Length; $offset += $Stride) {
        $null = $file.Seek($offset, 'Begin')
        $file.Write($data, 0, 16)
    }

    $file.Dispose()
}

# The words of 4-level page tables that map pages: the root first, the tables below it in the pages behind it. A page is
# Virtual, Physical, Flags (of the leaf; present, writable and user's by default) and PageSize (4kb by default).
function New-PageTable([object[]]$Pages, [ulong]$Root = 0x1000, [ulong]$Base = 0) {
    $words = [System.Collections.Generic.Dictionary[ulong, ulong]]::new()
    $free = $Root + 0x1000ul
    foreach ($page in $Pages) {
        $virtual = [ulong]$page.Virtual
        $size = [ulong]($page.PageSize ?? 4kb)
        $table = $Root
        foreach ($shift in 39, 30, 21, 12) {
            $at = $table - $Base + 8ul * (($virtual -shr $shift) -band 511)
            if ((1ul -shl $shift) -eq $size) {
                $words[$at] = [ulong]$page.Physical -bor [ulong]($page.Flags ?? 7) -bor ($shift -eq 12 ? 0ul : 0x80ul)
                break
            }

            if (-not $words.ContainsKey($at)) {
                $words[$at] = $free -bor 7ul
                $free += 0x1000ul
            }

            $table = $words[$at] -band 0xffffffffff000ul
        }
    }

    $words
}

# A raw image of 64 KiB with two kernel pages and three of a user: enough for most questions. Its root is 0x1000.
function New-SmallDump([string]$Path) {
    $words = New-PageTable @(
        @{ Virtual = 0x400000ul; Physical = 0x9000; Flags = 5 }                        # user r-x
        @{ Virtual = 0x401000ul; Physical = 0xa000; Flags = 0x8000000000000007ul }     # user rw-, continues
        @{ Virtual = 0x600000ul; Physical = 0xc000; Flags = 0x8000000000000005ul }     # user r--
        @{ Virtual = 0xffff888000000000ul; Physical = 0xd000; Flags = 0x8000000000000003ul }   # kernel rw-
        @{ Virtual = 0xffff888000001000ul; Physical = 0xe000; Flags = 0x8000000000000003ul })  # kernel rw-, the same run
    foreach ($frame in 0x9, 0xa, 0xc, 0xd, 0xe) {
        $words[[ulong]$frame * 0x1000ul] = 0x1111111111111111ul * [ulong]$frame
    }

    New-RawDump $Path 64kb $words
}

# A million pages out of four table pages: every entry of the lowest table leads to the same frame, so nothing fuses.
function New-MillionPageDump([string]$Path) {
    $words = @{ 0x1000 = 0x2007ul; 0xf000 = 0x1122334455667788ul }
    foreach ($i in 0..3) { $words[0x2000 + 8 * $i] = 0x3007ul }
    foreach ($i in 0..511) { $words[0x3000 + 8 * $i] = 0x4007ul; $words[0x4000 + 8 * $i] = 0xf007ul }
    New-RawDump $Path 64kb $words
}

function Write-Number([IO.MemoryStream]$Stream, [ulong]$Value, [int]$Size, [bool]$BigEndian = $false) {
    $bytes = [BitConverter]::GetBytes($Value)[0..($Size - 1)]
    if ($BigEndian) {
        [array]::Reverse($bytes)
    }

    $Stream.Write([byte[]]$bytes)
}

# The bytes of an ELF header.
function New-ElfHeader {
    param(
        [int]$Bits = 64, [switch]$BigEndian, [int]$Type = 4, [int]$Machine = 62, [ulong]$Entry = 0, [int]$Flags = 0,
        [ulong]$SegmentOffset = 0, [int]$SegmentCount = 0, [ulong]$SectionOffset = 0, [int]$SectionCount = 0)
    $stream = [IO.MemoryStream]::new()
    $stream.Write([byte[]](0x7f, 0x45, 0x4c, 0x46, ($Bits / 32), ($BigEndian ? 2 : 1), 1, 0, 0, 0, 0, 0, 0, 0, 0, 0))
    $word = $Bits / 8
    $headerSize, $segmentSize, $sectionSize = $Bits -eq 64 ? (64, 56, 64) : (52, 32, 40)
    foreach ($field in @(
            @($Type, 2), @($Machine, 2), @(1, 4), @($Entry, $word), @($SegmentOffset, $word), @($SectionOffset, $word), @($Flags, 4),
            @($headerSize, 2), @($segmentSize, 2), @($SegmentCount, 2), @($sectionSize, 2), @($SectionCount, 2), @(0, 2))) {
        Write-Number $stream $field[0] $field[1] $BigEndian
    }

    , $stream.ToArray()
}

# A core of physical memory as QEMU writes it, around the bytes of a raw image; each processor is @{ cr0; cr3; cr4 }.
function New-ElfDump([string]$Path, [string]$RawPath, [object[]]$Cpus, [ulong]$Physical = 0) {
    $ram = [IO.File]::ReadAllBytes($RawPath)
    $notes = [IO.MemoryStream]::new()
    foreach ($cpu in $Cpus) {
        $state = [byte[]]::new(440)
        [BitConverter]::GetBytes([uint]1).CopyTo($state, 0)
        [BitConverter]::GetBytes([uint]440).CopyTo($state, 4)
        [BitConverter]::GetBytes([uint]0x00af9b00).CopyTo($state, 160)
        [BitConverter]::GetBytes([ulong]$cpu.cr0).CopyTo($state, 392)
        [BitConverter]::GetBytes([ulong]$cpu.cr3).CopyTo($state, 416)
        [BitConverter]::GetBytes([ulong]$cpu.cr4).CopyTo($state, 424)
        Write-Number $notes 5 4
        Write-Number $notes 440 4
        Write-Number $notes 0 4
        $notes.Write([byte[]](0x51, 0x45, 0x4d, 0x55, 0, 0, 0, 0))
        $notes.Write($state)
    }

    $stream = [IO.MemoryStream]::new()
    $stream.Write((New-ElfHeader -SegmentOffset 64 -SegmentCount 2))
    $noteOffset = 64 + 2 * 56
    $header = @(
        @(4, 0, $noteOffset, 0, 0, $notes.Length, $notes.Length, 4),
        @(1, 0, ($noteOffset + $notes.Length), 0, $Physical, $ram.Length, $ram.Length, 0))
    foreach ($segment in $header) {
        Write-Number $stream $segment[0] 4
        Write-Number $stream $segment[1] 4
        foreach ($number in $segment[2..7]) {
            Write-Number $stream $number 8
        }
    }

    $stream.Write($notes.ToArray())
    $stream.Write($ram)
    [IO.File]::WriteAllBytes($Path, $stream.ToArray())
    $Path
}

# --- Reading cores ----------------------------------------------------------------------------------------------------------

# The PT_LOADs of a little-endian ELF64 file.
function Read-ElfLoad([string]$Path) {
    $file = [IO.File]::OpenRead($Path)
    $reader = [IO.BinaryReader]::new($file)
    try {
        $file.Position = 32
        $offset = $reader.ReadUInt64()
        $file.Position = 56
        $count = $reader.ReadUInt16()
        for ($i = 0; $i -lt $count; $i++) {
            $file.Position = $offset + 56 * $i
            $type = $reader.ReadUInt32()
            $flags = $reader.ReadUInt32()
            $numbers = foreach ($j in 1..6) { $reader.ReadUInt64() }
            if ($type -eq 1) {
                [pscustomobject]@{
                    Offset = $numbers[0]; Start = $numbers[1]; Physical = $numbers[2]; Size = $numbers[3]
                    MemorySize = $numbers[4]; Flags = $flags
                }
            }
        }
    }
    finally {
        $reader.Dispose()
    }
}

# What a core holds of a range of virtual addresses, one piece for each segment that has a part of it.
function Read-CorePiece([string]$Path, [object[]]$Loads, [ulong]$Start, [ulong]$Size) {
    $file = [IO.File]::OpenRead($Path)
    try {
        foreach ($load in $Loads) {
            $from = [Math]::Max($load.Start, $Start)
            $to = [Math]::Min($load.Start + $load.Size, $Start + $Size)
            if ($load.Start -lt $Start + $Size -and $from -lt $to) {
                $bytes = [byte[]]::new($to - $from)
                $file.Position = $load.Offset + ($from - $load.Start)
                $file.ReadExactly($bytes)
                [pscustomobject]@{ Start = $from; Bytes = $bytes; Flags = $load.Flags }
            }
        }
    }
    finally {
        $file.Dispose()
    }
}

# The first address whose word isn't the pattern's; nothing when all are.
function Find-PatternBreak($Piece, $Region) {
    $words = [ulong[]]::new($Piece.Bytes.Length / 8)
    [Buffer]::BlockCopy($Piece.Bytes, 0, $words, 0, $Piece.Bytes.Length)
    $step = $Region.Tag -eq 0 ? 0ul : 8ul
    $expected = $Region.Tag -eq 0 ? 0ul
        : (($Region.TagStart + ($Piece.Start - $Region.Start)) -band 0xfffffffffffful) -bxor ($Region.Tag -shl 48)
    for ($i = 0; $i -lt $words.Length; $i++) {
        if ($words[$i] -ne $expected) {
            return '0x{0:x}: 0x{1:x} instead of 0x{2:x}' -f ($Piece.Start + 8 * $i), $words[$i], $expected
        }

        $expected += $step
    }
}

# --- Running things ---------------------------------------------------------------------------------------------------------

# The errors of a script block, whether they end it or not.
function Get-ErrorOf([scriptblock]$Script) {
    $ErrorActionPreference = 'Continue'
    try {
        & $Script 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] }
    }
    catch {
        $_
    }
}

# Runs a script block in a PowerShell process of its own; $args[0] is the module's path.
function Invoke-Fresh([scriptblock]$Script, [object[]]$Arguments = @()) {
    & (Join-Path $PSHOME ($IsWindows ? 'pwsh.exe' : 'pwsh')) -NoProfile -NonInteractive -Command $Script -args (@($modulePath) + $Arguments)
}

# Hidden ones too: temporary siblings start with a dot.
function Get-FileName([string]$Folder) {
    Get-ChildItem -LiteralPath $Folder -Force -Name | Sort-Object
}

function Get-Hash([string]$Path) {
    (Get-FileHash -LiteralPath $Path).Hash
}
