# Bytes, values, text and structures by address, and what pipes into and out of that.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $sample = Get-SampleDump
    $regions = @(Get-SampleRegion)

    # Four pages of the user's: two that don't follow each other in physical memory, one that isn't in the dump, and then nothing.
    $words = New-PageTable @(
        @{ Virtual = 0x400000ul; Physical = 0x1e000; Flags = 5 }
        @{ Virtual = 0x401000ul; Physical = 0x1c000; Flags = 0x8000000000000007ul }
        @{ Virtual = 0x402000ul; Physical = 0x70000000; Flags = 0x8000000000000007ul })
    $words[0x1eff8ul] = 0x1122334455667788ul
    $words[0x1c000ul] = 0x00006f6c6c6548ul      # 'Hello'
    $words[0x1c008ul] = 0x401000ul
    $dump = New-RawDump "$TestDrive/read.bin" 128kb $words
    $space = @{ Root = 0x1000ul; Mode = 'ia32e' }

    function Get-Said([scriptblock]$Script, [string]$Kind) {
        & $Script *>&1 | Where-Object { $_.GetType().Name -eq "${Kind}Record" } | ForEach-Object ToString
    }
}

Describe 'Bytes' {
    It 'are one array in the pipeline, with its place' {
        $all = @(Read-VirtualMemory $dump 0x400ff8 -Length 16 @space)
        $all.Count | Should -Be 1
        , $all[0] | Should -BeOfType byte[]
        [Convert]::ToHexString($all[0]) | Should -Be '887766554433221148656C6C6F000000'
        $all[0].VirtualAddress | Should -Be 0x400ff8ul
        $all[0].Space.Root | Should -Be 0x1000ul
        $all[0].Dump.Path | Should -Be (Get-Item $dump).FullName
    }

    It 'are shown with their virtual addresses' {
        $text = Read-VirtualMemory $dump 0x400ff8 -Length 20 @space | Out-String -Width 120
        $text | Should -Match '0000000000400ff8  88 77 66 55 44 33 22 11  48 65 6c 6c 6f 00 00 00  \.wfUD3"\.Hello\.\.\.'
        $text | Should -Match '0000000000401008  00 10 40 00 '
    }

    It 'pipe into Format-Hex' {
        $hex = @(Read-VirtualMemory $dump 0x400ff8 -Length 32 @space | Format-Hex)
        $hex.Count | Should -Be 2
        $hex[0].HexBytes | Should -Be '88 77 66 55 44 33 22 11 48 65 6C 6C 6F 00 00 00'
        $hex[1].Offset64 | Should -Be 16
    }

    It 'pipe into a file' {
        Read-VirtualMemory $dump 0x400000 -Length 8kb @space | Set-Content "$TestDrive/out.bin" -AsByteStream
        $image = [IO.File]::ReadAllBytes($dump)
        [Convert]::ToHexString([IO.File]::ReadAllBytes("$TestDrive/out.bin")) |
            Should -Be ([Convert]::ToHexString([byte[]]($image[0x1e000..0x1efff] + $image[0x1c000..0x1cfff])))
    }

    It 'come in blocks where they are many' {
        $blocks = @(Read-VirtualMemory $dump 0x400ff0 -Length 40 -BlockSize 16 @space)
        $blocks.Count | Should -Be 3
        $blocks[2].Length | Should -Be 8
        $blocks.ForEach({ $_.VirtualAddress }) | Should -Be 0x400ff0ul, 0x401000ul, 0x401010ul
        $first = Read-VirtualMemory $dump 0x400000 -Length 1024gb -BlockSize 16 -Absent Fill @space | Select-Object -First 1
        $first.Length | Should -Be 16
    }

    It 'are those of the pattern, region by region' {
        foreach ($region in $regions | Where-Object { $_.Kind -notlike '*none*' -and $_.Kind -notlike 'holes*' }) {
            $bytes = Read-VirtualMemory $sample $region.Start -Length $region.Size
            Find-PatternBreak ([pscustomobject]@{ Start = $region.Start; Bytes = $bytes }) $region | Should -BeNullOrEmpty
        }
    }
}

Describe 'Values' {
    It 'are bare numbers of their type' {
        $values = @(Read-VirtualMemory $dump 0x400ff8 -Type u32 -Count 2 @space)
        $values | Should -Be 0x55667788u, 0x11223344u
        $values[0] | Should -BeOfType uint
        Read-VirtualMemory $dump 0x400ff8 -Type u64be @space | Should -Be 0x8877665544332211ul
        Read-VirtualMemory $dump 0x401008 -Type ptr @space | Should -Be 0x401000ul
        Read-VirtualMemory $dump 0x401000 -Type char @space | Should -Be ([char]'H')
        Read-VirtualMemory $dump 0x400ff8 -Type u128 @space | Should -BeOfType bigint
    }

    It 'know their address when asked' {
        $values = Read-VirtualMemory $dump 0x400ffc -Type i16 -Count 3 -WithAddress @space
        $values.VirtualAddress | Should -Be 0x400ffcul, 0x400ffeul, 0x401000ul
        $values[2].Value | Should -Be 0x6548
        $values | Out-String -Width 100 | Should -Match '0x0000000000400ffc +13124 \(0x3344\)'
        # They lead back to where they are.
        $values[2] | Read-VirtualMemory -Text Ascii | Should -Be 'Hello'
    }

    It 'have the machine''s order of bytes and its word' {
        $folder = "$repository/tests/data/bare-ppc32"
        $line = [IO.File]::ReadLines("$folder/truth.txt") | Where-Object { $_ -match '^(\w+) 1000 \w+ \S+ ok ' -and
            (Read-VirtualMemory "$folder/machine.yaml" "0x$($Matches[1])" -Type ptr) -eq 0x50485953 } | Select-Object -First 1
        $line | Should -Not -BeNullOrEmpty
        $address = '0x' + ($line -split ' ')[0]
        Read-VirtualMemory "$folder/machine.yaml" $address -Type u32le | Should -Be 0x53594850
        Read-VirtualMemory "$folder/machine.yaml" $address -Text Ascii -Length 8 -FixedLength | Should -Be 'PHYSPAGE'
        Read-VirtualMemory "$folder/machine.yaml" $address -Length 16 | Out-String | Should -Match '^\s*[0-9a-f]{8}  50 48 59 53'
    }

    It 'show the property that has the address' {
        Read-VirtualMemory $dump 0x400ffc -Type u32 -WithAddress @space | Out-String -Width 80 | Should -Match '(?m)^VirtualAddress +Value'
        $value = Read-VirtualMemory $dump 0x1000 -Type u64 -Physical -WithAddress
        $value | Out-String -Width 80 | Should -Match '(?m)^PhysicalAddress +Value\s+-+ +-+\s+0x0000000000001000 '
    }

    It 'complete by name' {
        $line = 'Read-VirtualMemory x 0 -Type u3'
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'u32', 'u32le', 'u32be'
    }
}

Describe 'Text' {
    It 'ends before a NUL character, or where it has to' {
        Read-VirtualMemory $dump 0x401000 -Text Ascii @space | Should -BeExactly 'Hello'
        Read-VirtualMemory $dump 0x401000 -Text Utf8 -Length 3 @space | Should -BeExactly 'Hel'
        Read-VirtualMemory $dump 0x401000 -Text Latin1 -Length 6 -FixedLength @space | Should -BeExactly "Hello`0"
        Read-VirtualMemory $dump 0x401002 -Text Utf16LE -Length 4 @space | Should -BeExactly "$([char]0x6c6c)$([char]0x006f)"
        (Read-VirtualMemory $sample 0xffffffff95400120 -Text Ascii) | Should -BeLike 'Linux version 6.1.192*'
    }

    It 'warns where it is cut off' {
        $words[0x1cff8ul] = 0x4141414141414141ul
        $cut = New-RawDump "$TestDrive/cut.bin" 128kb $words
        Read-VirtualMemory $cut 0x401ff8 -Text Ascii @space -WarningVariable warnings -WarningAction SilentlyContinue |
            Should -BeExactly 'AAAAAAAA'
        "$warnings" | Should -BeLike '*cut off at 0x402000*'
        $text = Read-VirtualMemory $cut 0x401ff8 -Text Ascii -WithAddress @space -WarningAction SilentlyContinue
        $text.End | Should -Be 'Absent'
        $text.Length | Should -Be 8
    }
}

Describe 'Structures' {
    It 'have a property for each field' {
        $layout = 'u64 number; char[8] word; ptr next; { u8 a; u8 b }[2] pairs; u16 @2 inside'
        $item = Read-VirtualMemory $dump 0x400ff8 -Layout $layout @space
        ($item.PSObject.Properties.Name -join ' ') | Should -Be 'VirtualAddress number word next pairs inside Space Dump'
        $item.number | Should -Be 0x1122334455667788ul
        $item.word | Should -BeExactly 'Hello'
        $item.next | Should -Be 0x401000ul
        $item.pairs.Count | Should -Be 2
        $item.pairs[1].b | Should -Be 0
        $item.inside | Should -Be 0x5566
        $text = $item | Out-String -Width 120
        $text | Should -Match '(?m)^next   : 4198400 \(0x401000\)\s*$'
        $text | Should -Match "(?m)^word   : 'Hello'\s*$"
        $text | Should -Match '(?m)^pairs  : \{ a = 0; b = 0 \}, \{ a = 0; b = 0 \}\s*$'
        # A pointer can be read at.
        Read-VirtualMemory $dump $item.next -Text Ascii @space | Should -Be 'Hello'
    }

    It 'come one behind the other' {
        $items = Read-VirtualMemory $dump 0x400ff0 -Layout 'u32 a; u32 b' -Count 3 @space
        $items.VirtualAddress | Should -Be 0x400ff0ul, 0x400ff8ul, 0x401000ul
        $items[1].b | Should -Be 0x11223344u
        ($items | Format-Table | Out-String -Width 120) | Should -Match 'VirtualAddress +a +b\s'
    }

    It 'refuse fields that their place is named by' {
        { Read-VirtualMemory $dump 0x400000 -Layout 'u32 space' @space -ErrorAction Stop } |
            Should -Throw -ErrorId "LayoutInvalid,$commands.ReadVirtualMemoryCommand"
    }
}

Describe 'What isn''t there' {
    It 'is an error that says where and why, and nothing is emitted' {
        $out = Read-VirtualMemory $dump 0x401ff0 -Length 32 @space -ErrorVariable failures -ErrorAction SilentlyContinue
        $out | Should -BeNullOrEmpty
        $failures[0].FullyQualifiedErrorId | Should -Be "MemoryAbsent,$commands.ReadVirtualMemoryCommand"
        $failures[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
        "$($failures[0])" | Should -BeLike '*virtual 0x402000 in*the dump doesn''t hold that memory, at physical 0x70000000*'
    }

    It 'is filled in' {
        $bytes = Read-VirtualMemory $dump 0x401ffe -Length 0x1004 -Absent Fill -FillByte 0xee @space -WarningVariable warnings -WarningAction SilentlyContinue
        $bytes[1..2] | Should -Be 0, 0xee
        $bytes.Absent.Reason | Should -Be 'NotInDump', 'NotMapped'
        $bytes.Absent.Size | Should -Be 0x1000ul, 2ul
        "$warnings" | Should -BeLike '4098 bytes in 2 ranges aren''t there and are filled in, from virtual 0x402000*'
        $bytes | Should -HaveCount 0x1004
        (Read-VirtualMemory $dump 0x401ffe -Length 4 -FillByte 1 @space -WarningAction SilentlyContinue) | Should -Be 0, 0, 1, 1
        Read-VirtualMemory $dump 0x401ffe -Length 4 -Absent Fill @space -WarningAction SilentlyContinue | Out-String |
            Should -Match '00 00 \?\? \?\?'
    }

    It 'ends the read' {
        $bytes = Read-VirtualMemory $dump 0x401ffe -Length 8 -Absent Stop @space -WarningVariable warnings -WarningAction SilentlyContinue
        $bytes.Length | Should -Be 2
        "$warnings" | Should -BeLike 'Reading stopped before virtual 0x402000*'
        Read-VirtualMemory $dump 0x402000 -Absent Stop @space -WarningAction SilentlyContinue | Should -BeNullOrEmpty
        @(Read-VirtualMemory $dump 0x401ff6 -Type u32 -Count 4 -Absent Stop @space -WarningAction SilentlyContinue).Count | Should -Be 2
    }

    It 'doesn''t keep other addresses back' {
        $values = 0x402000, 0x401008, 0x500000, 0x400ff8 | Read-VirtualMemory $dump -Type u8 @space -ErrorVariable failures -ErrorAction SilentlyContinue
        $values | Should -Be 0, 0x88
        $failures.Count | Should -Be 2
    }
}

Describe 'Pipelines' {
    It 'read where mappings are' {
        $mappings = Get-PageTableMapping $sample -Privilege User | Select-Object -First 5
        $blocks = $mappings | Read-VirtualMemory -Length 8
        $blocks.ForEach({ $_.VirtualAddress }) | Should -Be $mappings.VirtualAddress
        $physical = $mappings | Read-VirtualMemory -Length 8 -Physical
        $physical.ForEach({ $_.PhysicalAddress }) | Should -Be $mappings.PhysicalAddress
        $physical.ForEach({ [Convert]::ToHexString($_) }) | Should -Be $blocks.ForEach({ [Convert]::ToHexString($_) })
    }

    It 'take addresses in every way they are typed' {
        $expected = Read-VirtualMemory $sample 0xffffffff95400120ul -Type u64
        Read-VirtualMemory $sample 0xffffffff95400120 -Type u64 | Should -Be $expected
        Read-VirtualMemory $sample '0xffffffff_95400120' -Type u64 | Should -Be $expected
        '0xffffffff95400120', 0xffffffff95400120ul | Read-VirtualMemory $sample -Type u64 | Should -Be $expected, $expected
        [pscustomobject]@{ VirtualAddress = 0xffffffff95400120 } | Read-VirtualMemory $sample -Type u64 | Should -Be $expected
    }

    It 'read physical memory without an address space' {
        $image = [IO.File]::ReadAllBytes($dump)
        [Convert]::ToHexString((Read-VirtualMemory $dump 0x1e000 -Length 4kb -Physical)) |
            Should -Be ([Convert]::ToHexString([byte[]]$image[0x1e000..0x1efff]))
        (Read-VirtualMemory $dump 0x1e000 -Length 4 -Physical).PhysicalAddress | Should -Be 0x1e000ul
        Read-VirtualMemory $dump 0x401000 -Physical -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'MemoryAbsent,*'
    }

    It 'say when an object has the other kind of address' {
        [pscustomobject]@{ PhysicalAddress = 0x1e000 } | Read-VirtualMemory $dump @space -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'AddressMissing,*'
        ([pscustomobject]@{ PhysicalAddress = 0x1e000 } | Read-VirtualMemory $dump -Physical -Length 4).Length | Should -Be 4
    }

    It 'work on a dump that is open' {
        $open = Open-MemoryDump $sample
        try {
            Read-VirtualMemory $open 0x200000000 -Type u32 | Should -Be 0x1dc0ffee
        }
        finally {
            $open.Dispose()
        }
    }
}

Describe 'What Read-VirtualMemory refuses' {
    It 'is <Id> for <Arguments>' -ForEach @(
        @{ Id = 'ReadConflict'; Arguments = @{ Type = 'u8'; Text = 'Ascii' } }
        @{ Id = 'ReadConflict'; Arguments = @{ Type = 'u8'; Length = 4 } }
        @{ Id = 'ReadConflict'; Arguments = @{ Physical = $true } }
        @{ Id = 'ReadConflict'; Arguments = @{ Physical = $true; Cpu = 1 } }
        @{ Id = 'ReadConflict'; Arguments = @{ Count = 4 } }
        @{ Id = 'ReadConflict'; Arguments = @{ Text = 'Ascii'; FixedLength = $true } }
        @{ Id = 'ReadConflict'; Arguments = @{ Text = 'Ascii'; Length = 4gb } }
        @{ Id = 'ReadConflict'; Arguments = @{ Absent = 'Stop'; FillByte = 1 } }
        @{ Id = 'ValueTypeUnknown'; Arguments = @{ Type = 'u24' } }
        @{ Id = 'LayoutInvalid'; Arguments = @{ Layout = 'u8 a; u8 A' } }
        @{ Id = 'AddressRangeInvalid'; Arguments = @{ Length = 0xfffffffffffffffful } }) {
        { Read-VirtualMemory $dump 0x400ff8 @Arguments @space -ErrorAction Stop } |
            Should -Throw -ErrorId "$Id,$commands.ReadVirtualMemoryCommand"
    }

    It 'is text that is no address' {
        { Read-VirtualMemory $dump 'start' @space } | Should -Throw -ErrorId "ParameterArgumentTransformationError,$commands.ReadVirtualMemoryCommand"
    }
}

Describe 'A long read' {
    It 'ends at once when it is stopped' {
        $shell = [powershell]::Create()
        $null = $shell.AddScript('param($module, $dump) Import-Module $module
            Read-VirtualMemory $dump 0x400000 -Length 0x7fffff000000 -Absent Fill -Root 0x1000 -Mode ia32e > $null').
            AddArgument($modulePath).AddArgument($dump)
        try {
            $running = $shell.BeginInvoke()
            $deadline = [datetime]::UtcNow.AddSeconds(60)
            while ($shell.Streams.Progress.Count -eq 0 -and [datetime]::UtcNow -lt $deadline) { Start-Sleep -Milliseconds 50 }
            $shell.Streams.Progress.Activity | Should -Contain 'Reading read.bin'
            $watch = [Diagnostics.Stopwatch]::StartNew()
            $shell.Stop()
            $watch.Elapsed.TotalSeconds | Should -BeLessThan 10
            $running.IsCompleted | Should -BeTrue
        }
        finally {
            $shell.Dispose()
        }
    }
}
