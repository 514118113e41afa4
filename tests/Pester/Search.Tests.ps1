# Searching address spaces and physical memory.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $search = "$commands.SearchVirtualMemoryCommand"
    $sample = Get-SampleDump
    $folder = (New-Item -ItemType Directory "$TestDrive/dumps").FullName
    New-RawSample $folder
    $raw = "$folder/raw.bin"

    # Two user pages that continue each other only virtually, one of them mapped by the kernel too, and text across their border.
    $words = New-PageTable @(
        @{ Virtual = 0x400000ul; Physical = 0x9000; Flags = 5 }
        @{ Virtual = 0x401000ul; Physical = 0xc000; Flags = 0x8000000000000007ul }
        @{ Virtual = 0xffff888000000000ul; Physical = 0x9000; Flags = 0x8000000000000003ul })
    $words[0x9ff8ul] = [BitConverter]::ToUInt64([Text.Encoding]::ASCII.GetBytes('..border'))
    $words[0xc000ul] = [BitConverter]::ToUInt64([Text.Encoding]::ASCII.GetBytes('line!...'))
    $words[0x9100ul] = 0x00401004ul
    $words[0x9108ul] = 0xffffffffdeadbeeful
    $small = New-RawDump "$TestDrive/small.bin" 64kb $words
    $space = @{ Root = 0x1000ul; Mode = 'ia32e' }
}

Describe 'Search-VirtualMemory' {
    It 'finds what continues over a border only virtually' {
        $hit = Search-VirtualMemory $small @space -Text borderline
        $hit | Should -HaveCount 1
        $hit | Should -BeOfType ElfMmu.Searching.SearchHit
        $hit.VirtualAddress | Should -Be 0x400ffaul
        $hit.PhysicalAddress | Should -Be 0x9ffaul
        $hit.Length | Should -Be 10
        [Text.Encoding]::ASCII.GetString($hit.Bytes) | Should -Be 'borderline'
        $hit.UserRights | Should -Be 'r-x'
        $hit.ToHex(2, 3, 1) | Should -Be '2e 2e [62 6f 72…] 21'
        Search-VirtualMemory $small -Physical -Text borderline | Should -BeNullOrEmpty
    }

    It 'gives every address of a hit' {
        $hits = Search-VirtualMemory $small @space -Text border
        $hits.VirtualAddress | Should -Be 0x400ffaul, 0xffff888000000ffaul
        $hits.PhysicalAddress | Should -Be 0x9ffaul, 0x9ffaul
        $hits[1].UserRights | Should -Be '---'
        # What isn't mapped behind the kernel's page is marked.
        $hits[1].ContextAfter[0] | Should -BeNullOrEmpty
        $hits[1].ToHex(0, 1, 1) | Should -Be '[62…] ..'
    }

    It 'finds <What>' -ForEach @(
        @{ What = 'bytes with wildcards'; Pattern = @{ Bytes = '62 6? ?2' } }
        @{ What = 'bytes as numbers'; Pattern = @{ Bytes = 0x62, 0x6f, 0x72 } }
        @{ What = 'a byte array'; Pattern = @{ Bytes = [byte[]](0x62, 0x6f, 0x72) } }
        @{ What = 'text in either case'; Pattern = @{ Text = 'BORDER'; IgnoreCase = $true } }
        @{ What = 'a regular expression'; Pattern = @{ Regex = 'b[a-z]{2}' } }
        @{ What = 'a value at any address'; Pattern = @{ Value = 0x64726f62; Type = 'u32'; Alignment = 1 } }
    ) {
        (Search-VirtualMemory $small @space @Pattern -Privilege User).VirtualAddress | Should -Contain 0x400ffaul
    }

    It 'finds pointers into <What>' -ForEach @(
        @{ What = 'two addresses'; Range = { 0x401000ul, 0x402000ul } }
        @{ What = 'text'; Range = { '0x401000-0x402000' } }
        @{ What = 'text with a size'; Range = { '0x401000+0x1000' } }
        @{ What = 'one address'; Range = { 0x401004ul } }
        @{ What = 'one address as text'; Range = { '0x00401004' } }
        @{ What = 'what an address was resolved to'; Range = { Resolve-VirtualAddress $small @space 0x401004 } }
        @{ What = 'a hit'; Range = { Search-VirtualMemory $small @space -Text 'e!..' } }
        @{ What = 'a mapping'; Range = { Get-PageTableMapping $small @space -MinimumAddress 0x401000 -MaximumAddress 0x401fff } }
    ) {
        $hits = Search-VirtualMemory $small @space -PointerTo (& $Range) -Privilege User
        $hits.VirtualAddress | Should -Be 0x400100ul
    }

    It 'takes one address as exactly this one' {
        Search-VirtualMemory $small @space -PointerTo 0x401003, 0x401005, 0x401006 | Should -BeNullOrEmpty
        (Search-VirtualMemory $small @space -PointerTo 0x401003, 0x401004, 0x401006 -Privilege User).VirtualAddress | Should -Be 0x400100ul
        (Search-VirtualMemory $small @space -PointerTo 0xffffffffdeadbeef -Privilege User).VirtualAddress | Should -Be 0x400108ul
    }

    It 'says of what is no range what it is, in hexadecimal' {
        "$(Get-ErrorOf { Export-ElfCore "$TestDrive/x.core" -Dump $small @space -Range (0xffffffff95400000) })" | Should -Match '0xffffffff95400000'
        "$(Get-ErrorOf { Search-VirtualMemory $small @space -PointerTo 0x2000, 0x1000 })" | Should -Match "'0x2000, 0x1000' isn't a range"
        "$(Get-ErrorOf { Search-VirtualMemory $small @space -PointerTo '0x1000-' })" | Should -Match "'0x1000-' isn't a range"
    }

    It 'gives text as properties that can be asked and exported' {
        $hit = Search-VirtualMemory $small @space -Text borderline
        $hit.Text | Should -BeLike '*..borderline!...*'
        $hit.Hex | Should -BeLike '*2e 2e [[]62 6f 72 64 65 72 6c 69 6e 65] 21 *'
        Search-VirtualMemory $small @space -Text borderline | Where-Object Text -Match 'line!' | Should -HaveCount 1
        ($hit | ConvertTo-Csv | ConvertFrom-Csv).Text | Should -Be $hit.Text
    }

    It 'says in which encoding text was found' {
        $path = New-RawDump "$TestDrive/wide.bin" 4kb @{ 0x100ul = 0x0000000000006948ul; 0x200ul = 0x0000000000690048ul; 0x300ul = 0x0000000069004800ul }
        $hits = Search-VirtualMemory $path -Physical -Text Hi -Encoding Utf8, Utf16LE, Utf16BE -MinimumAddress 0x100
        $hits | Where-Object PhysicalAddress -EQ 0x100 | ForEach-Object Encoding | Should -Be 'Utf8'
        $hits | Where-Object PhysicalAddress -EQ 0x200 | ForEach-Object Encoding | Should -Be 'Utf16LE'
        $hits | Where-Object PhysicalAddress -EQ 0x300 | ForEach-Object Encoding | Should -Be 'Utf16BE'
        (Search-VirtualMemory $path -Physical -Bytes '48 69').Encoding | Should -BeNullOrEmpty
    }

    It 'takes literals with the highest bit set as they were meant' {
        (Search-VirtualMemory $small @space -Value 0xffffffffdeadbeef -Type u64 -MaximumCount 1).VirtualAddress | Should -Be 0x400108ul
        (Search-VirtualMemory $small @space -Value 0xdeadbeef -Type u32 -MaximumCount 1).VirtualAddress | Should -Be 0x400108ul
    }

    It 'is limited by rights and addresses' {
        Search-VirtualMemory $small @space -Text border -Rights w -Privilege User | Should -BeNullOrEmpty
        (Search-VirtualMemory $small @space -Text border -MinimumAddress 0x500000).VirtualAddress | Should -Be 0xffff888000000ffaul
        Search-VirtualMemory $small @space -Text borderline -MaximumAddress 0x401002 | Should -BeNullOrEmpty
        Search-VirtualMemory $small @space -Text borderline -MaximumAddress 0x401003 | Should -HaveCount 1
        Search-VirtualMemory $small @space -Text border -MaximumCount 1 | Should -HaveCount 1
    }

    It 'tells patterns apart' {
        $hits = Search-VirtualMemory $small @space -Privilege User -Text border, line -Bytes '6e 65'
        $hits.Pattern | Should -Be 'border', 'line', '6e 65'
    }

    It 'searches text in several encodings' {
        $path = "$TestDrive/text.bin"
        [IO.File]::WriteAllBytes($path, [byte[]]::new(16) + [Text.Encoding]::Unicode.GetBytes('Pass') + [Text.Encoding]::UTF8.GetBytes('Pass'))
        (Search-VirtualMemory $path -Physical -RamBase 0x1000 -Text pass -IgnoreCase -Encoding Utf8, Utf16LE).PhysicalAddress |
            Should -Be 0x1010ul, 0x1018ul
    }

    It 'searches only the range of an object of the pipeline' {
        $hits = Get-PageTableMapping $small @space -Privilege User | Search-VirtualMemory -Text line, border
        $hits.VirtualAddress | Should -Be 0x400ffaul, 0x401000ul
    }

    It 'feeds cmdlets that read' {
        Search-VirtualMemory $small @space -Text borderline | Read-VirtualMemory -Text Ascii -Length 11 -FixedLength | Should -Be 'borderline!'
        Search-VirtualMemory $sample -Text 'Linux version' | Select-Object -First 1 | Read-VirtualMemory -Text Ascii -Length 21 -FixedLength |
            Should -BeLike 'Linux version 6.1.*'
    }

    It 'finds as much in physical memory as there is' {
        $text = [Text.Encoding]::Latin1.GetString([IO.File]::ReadAllBytes($raw))
        $expected = [regex]::Matches($text, 'Linux version').Index
        (Search-VirtualMemory $raw -Physical -Text 'Linux version').PhysicalAddress | Should -Be $expected
        (Search-VirtualMemory $raw -Physical -Regex 'Linux version').FileOffset | Should -Be $expected
    }

    It 'searches every address space' {
        $all = Search-VirtualMemory $sample -AllRoots -Text 'Linux version' -MaximumCount 1
        $all.Root | Should -Contain 0x942000ul
        ($all.Root | Sort-Object -Unique).Count | Should -Be $all.Count
        (Find-PageTableRoot $sample -Top 2 | Search-VirtualMemory -Text 'Linux version' -MaximumCount 1) | Should -HaveCount 2
    }

    It 'ends at once when no more is wanted' {
        $zeros = New-RawDump "$TestDrive/zeros.bin" 4gb
        Search-VirtualMemory $zeros -Physical -RamBase 0 -Bytes '00' | Select-Object -First 3 | Should -HaveCount 3
        # Nobody reads it any more.
        Remove-Item $zeros
        $zeros | Should -Not -Exist
    }

    It 'stops when it is told to' {
        $zeros = New-RawDump "$TestDrive/stop.bin" 4gb
        $shell = [powershell]::Create()
        $null = $shell.AddScript('param($module, $path) Import-Module $module; Search-VirtualMemory $path -Physical -RamBase 0 -Bytes 00 | Out-Null').
            AddArgument($modulePath).AddArgument($zeros)
        $running = $shell.BeginInvoke()
        Start-Sleep -Seconds 3
        $running.IsCompleted | Should -BeFalse
        $shell.Stop()
        $shell.InvocationStateInfo.State | Should -Be 'Stopped'
        $shell.Dispose()
    }

    It 'refuses <What> before anything is opened' -ForEach @(
        @{ What = 'no pattern'; Id = 'PatternRequired'; Arguments = @{} }
        @{ What = 'a value without a type'; Id = 'ValueTypeRequired'; Arguments = @{ Value = 1 } }
        @{ What = 'an unknown type'; Id = 'ValueTypeUnknown'; Arguments = @{ Value = 1; Type = 'u7' } }
        @{ What = 'a value that doesn''t fit'; Id = 'ValueInvalid'; Arguments = @{ Value = 256; Type = 'u8' } }
        @{ What = 'bytes that are none'; Id = 'PatternInvalid'; Arguments = @{ Bytes = 'xyz' } }
        @{ What = 'an expression that is none'; Id = 'PatternInvalid'; Arguments = @{ Regex = '(' } }
        @{ What = 'an alignment of three'; Id = 'AlignmentInvalid'; Arguments = @{ Text = 'a'; Alignment = 3 } }
        @{ What = 'rights of physical memory'; Id = 'SearchConflict'; Arguments = @{ Text = 'a'; Physical = $true; Rights = 'r' } }
        @{ What = 'an encoding without text'; Id = 'SearchConflict'; Arguments = @{ Regex = 'a'; Encoding = 'Utf16' } }
        @{ What = 'a longest hit without an expression'; Id = 'SearchConflict'; Arguments = @{ Text = 'a'; MaximumLength = 5 } }
        @{ What = 'case of bytes'; Id = 'SearchConflict'; Arguments = @{ Bytes = '41'; IgnoreCase = $true } }
        @{ What = 'a mode of physical memory'; Id = 'SearchConflict'; Arguments = @{ Text = 'a'; Physical = $true; Mode = 'sv39' } }
        @{ What = 'a processor of physical memory'; Id = 'SearchConflict'; Arguments = @{ Text = 'a'; Physical = $true; Cpu = 7 } }
        @{ What = 'a root of physical memory'; Id = 'SearchConflict'; Arguments = @{ Text = 'a'; Physical = $true; Root = 0x1000ul } }
        @{ What = 'a type of nothing'; Id = 'SearchConflict'; Arguments = @{ Text = 'a'; Type = 'u8' } }
    ) {
        $found = Get-ErrorOf { Search-VirtualMemory "$TestDrive/absent.bin" @Arguments }
        $found.FullyQualifiedErrorId | Should -Be "$Id,$search"
    }

    It 'shows addresses, rights and bytes' {
        $text = Search-VirtualMemory $small @space -Text borderline | Out-String -Width 120
        $text | Should -Match '0x0000000000400ffa 0x000000009ffa\s+\[62 6f 72 64 65 72…\] \S*\.\.borderline!\S*\s+r-x\s+r-x\s+borderline'
        Search-VirtualMemory $small -Physical -Text 'border' | Out-String -Width 120 | Should -Match 'Physical memory of .*small.bin'
        Search-VirtualMemory $small @space -Text borderline | Format-List | Out-String | Should -Match 'VirtualAddress\s+: 0x0000000000400ffa'
    }
}
