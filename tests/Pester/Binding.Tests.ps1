# What an object of a pipeline means to a cmdlet: an address, a range, a space or a dump; and what is said where it means nothing.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $WarningPreference = 'SilentlyContinue'
    $sample = Get-SampleDump
    $dump = Open-MemoryDump $sample
    $roots = Find-PageTableRoot $dump
    $address = 0x401000ul
    $physical = (Resolve-VirtualAddress $dump $address).PhysicalAddress
}

AfterAll {
    Close-MemoryDump $dump
}

Describe 'A range of an object' {
    It 'is no range without a size: the whole space is searched, once' {
        $all = Search-VirtualMemory $dump -Text 'Linux version'
        $top = ($all.VirtualAddress | Sort-Object)[-1]
        $hits = $top, ($top - 1) | Resolve-VirtualAddress $dump | Search-VirtualMemory -Text 'Linux version'
        $hits.VirtualAddress | Should -Be $all.VirtualAddress
    }

    It 'is searched where there are both, also in a dump that is named' {
        $one = Get-PageTableMapping $dump -MinimumAddress $address -MaximumAddress $address
        $own = $one | Search-VirtualMemory -Bytes '00 00' -MaximumCount 3
        $own | Should -HaveCount 3
        $row = [pscustomobject]@{ VirtualAddress = '0x{0:x}' -f $one.VirtualAddress; Size = "$($one.Size)" }
        ($row | Search-VirtualMemory $dump -Bytes '00 00' -MaximumCount 3).VirtualAddress | Should -Be $own.VirtualAddress
        $own.VirtualAddress | Where-Object { $_ -lt $one.VirtualAddress -or $_ -ge $one.EndAddress } | Should -BeNullOrEmpty
    }

    It 'is asked for where an object has none beside a dump that is named' {
        foreach ($script in { 42 | Search-VirtualMemory $dump -Text a }, { 'x' | Find-MappedImage $dump }) {
            $failure = Get-ErrorOf $script
            $failure | Should -HaveCount 1
            $failure.FullyQualifiedErrorId | Should -BeLike 'RangeMissing,*'
        }
    }

    It 'limits the images to those whose header is in it' {
        $root = $roots | Where-Object Root -EQ 0x8f2000
        $user = $root | Find-MappedImage -Privilege User
        $user | Should -Not -BeNullOrEmpty
        $found = $root | Get-PageTableMapping -Privilege User | Find-MappedImage
        $found.VirtualAddress | Should -Be $user.VirtualAddress
        $user[0] | Find-MappedImage | ForEach-Object Address | Should -Be $user[0].Address
    }

    It 'is no limit to Get-PageTableMapping, which walks each space once' {
        $all = Get-PageTableMapping $dump
        $again = $all | Get-PageTableMapping
        $again | Should -HaveCount $all.Count
        ($address, 0x402000 | Resolve-VirtualAddress $dump | Find-MappedImage).VirtualAddress |
            Should -Be (Find-MappedImage $dump).VirtualAddress
        $two = $roots[0, 1, 0] | Get-PageTableMapping -MaximumCount 1 | Get-PageTableMapping -MaximumCount 2
        $two | Should -HaveCount 4
    }
}

Describe 'Bytes that were read' {
    It 'know their physical address where they are of one page' {
        $bytes = Read-VirtualMemory $dump $address -Length 16
        (, $bytes | Resolve-PhysicalAddress).VirtualAddress | Should -Contain $address
        (, $bytes | Resolve-PhysicalAddress).PhysicalAddress | Sort-Object -Unique | Should -Be $physical
    }

    It 'are never addresses themselves' {
        foreach ($script in
            { Read-VirtualMemory $dump ($address + 0xff8) -Length 16 | Resolve-PhysicalAddress },
            { Resolve-PhysicalAddress $dump ([byte[]](1, 2, 3)) },
            { Resolve-VirtualAddress $dump ([byte[]](1, 2, 3)) },
            { Read-VirtualMemory $dump ([byte[]](1, 2, 3)) }) {
            $failure = Get-ErrorOf $script
            $failure | Should -HaveCount 1
            $failure.FullyQualifiedErrorId | Should -BeLike 'AddressMissing,*'
        }
    }
}

Describe 'A place in physical memory' {
    BeforeAll {
        $hit = Search-VirtualMemory $dump -Text 'Linux version' -Physical -MaximumCount 1
    }

    It 'is resolved and read in its dump' {
        ($hit | Resolve-PhysicalAddress).VirtualAddress | Should -Be (Resolve-PhysicalAddress $dump $hit.PhysicalAddress).VirtualAddress
        $hit | Read-VirtualMemory -Physical -Length 13 -Text Ascii | Should -Be 'Linux version'
        $read = Read-VirtualMemory $dump $hit.PhysicalAddress -Physical -Length 13
        , $read | Read-VirtualMemory -Physical -Length 13 -Text Ascii | Should -Be 'Linux version'
        (, $read | Resolve-PhysicalAddress).VirtualAddress | Should -Be ($hit | Resolve-PhysicalAddress).VirtualAddress
        $again = $hit | Search-VirtualMemory -Text 'Linux version' -Physical -MaximumCount 1
        $again.PhysicalAddress | Should -Be $hit.PhysicalAddress
    }

    It 'can be resolved in another space of the dump' {
        ($hit | Resolve-PhysicalAddress -Root $roots[-1].Root -Mode ia32e).Root | Sort-Object -Unique | Should -Be $roots[-1].Root
        ($hit | Resolve-PhysicalAddress -AllRoots).Root | Sort-Object -Unique | Should -HaveCount $roots.Count
    }

    It 'has no virtual address and no space' {
        foreach ($case in @(
                @{ Id = 'AddressMissing'; Script = { $hit | Resolve-VirtualAddress } }
                @{ Id = 'AddressMissing'; Script = { $hit | Read-VirtualMemory -Length 8 } }
                @{ Id = 'AddressMissing'; Script = { $hit | Get-PageTable } }
                @{ Id = 'SpaceMissing'; Script = { $hit | Get-PageTableMapping } })) {
            $failure = Get-ErrorOf $case.Script
            $failure | Should -HaveCount 1
            $failure.FullyQualifiedErrorId | Should -BeLike "$($case.Id),*"
        }
    }
}

Describe 'A dump in the pipeline' {
    It 'goes with an address that is named: <_>' -ForEach 'opened', 'root', 'path', 'file' {
        $one = switch ($_) {
            'opened' { $dump }
            'root' { $roots | Where-Object Root -EQ (Resolve-VirtualAddress $dump $address).Root }
            'path' { $sample }
            'file' { Get-Item -LiteralPath $sample }
        }
        ($one | Resolve-VirtualAddress -Address $address).PhysicalAddress | Should -Be $physical
        ($one | Resolve-PhysicalAddress -Address $physical).VirtualAddress | Should -Contain $address
        $one | Read-VirtualMemory -Address $address -Type u64 | Should -Be (Read-VirtualMemory $dump $address -Type u64)
        ($one | Search-VirtualMemory -Text 'Linux version' -MaximumCount 1).PhysicalAddress | Should -Be (
            Search-VirtualMemory $dump -Text 'Linux version' -MaximumCount 1).PhysicalAddress
    }

    It 'goes with offsets in its file' {
        $there = Resolve-VirtualAddress $dump $address
        ($dump | Resolve-PhysicalAddress -FileOffset $there.FileOffset).VirtualAddress | Should -Contain $address
    }

    It 'is no address' {
        $failure = Get-ErrorOf { $dump | Resolve-VirtualAddress }
        $failure | Should -HaveCount 1
        "$failure" | Should -BeLike '*Resolve-VirtualAddress -Address 0x401000*'
        (Get-ErrorOf { '0x401000' | Resolve-VirtualAddress }).FullyQualifiedErrorId | Should -BeLike 'DumpRequired,*'
        (Get-ErrorOf { $dump | Resolve-PhysicalAddress }).FullyQualifiedErrorId | Should -BeLike 'AddressRequired,*'
    }

    It 'is looked at in every space with -AllRoots' {
        (Resolve-VirtualAddress $dump $address -AllRoots).Root | Should -Be $roots.Root
        $words = Read-VirtualMemory $dump 0xffffffff95400120ul -Length 13 -Text Ascii -AllRoots
        $words | Should -HaveCount $roots.Count
        $words | Sort-Object -Unique | Should -Be 'Linux version'
        { Read-VirtualMemory $dump 0 -Physical -AllRoots } | Should -Throw -ErrorId 'ReadConflict,*'
    }

    It 'is expanded once for many addresses' {
        $path = New-SmallDump "$TestDrive/once.bin"
        $failures = Get-ErrorOf { 1..50 | Resolve-VirtualAddress "$TestDrive/nothing*.bin" }
        $failures | Should -HaveCount 1
        $path, $path | Resolve-VirtualAddress -Address 0x400000 -Root 0x1000 -Mode ia32e | Should -HaveCount 2
    }
}

Describe 'An address in the pipeline' {
    It 'leads to its table in a dump that is named' {
        $table = Get-PageTable $dump $address
        ($address | Get-PageTable $dump).EntryAddress | Should -Be $table.EntryAddress
        ([pscustomobject]@{ VirtualAddress = "$address" } | Get-PageTable $dump).EntryAddress | Should -Be $table.EntryAddress
        (Get-ErrorOf { 'x' | Get-PageTable $dump }).FullyQualifiedErrorId | Should -BeLike 'AddressMissing,*'
    }

    It 'isn''t looked for in another space than the object''s' {
        $here = Resolve-VirtualAddress $dump $address
        { $here | Read-VirtualMemory -Root 0x942000 -Length 8 } | Should -Throw -ErrorId "RootConflict,$commands.ReadVirtualMemoryCommand"
        { $here | Get-PageTableMapping -Mode ia32e } | Should -Throw -ErrorId 'RootConflict,*'
        ($here | Resolve-VirtualAddress $dump -Root 0x942000).Root | Should -Be 0x942000
    }
}

Describe 'A physical address of an entry' {
    It 'is where a page or a table is' {
        $steps = Resolve-VirtualAddress $dump $address -Trace
        $steps.PhysicalAddress | Should -Be $steps.Target
        ($steps[-1] | Resolve-PhysicalAddress).VirtualAddress | Should -Contain $steps[-1].VirtualAddress
    }

    It 'isn''t there where nothing is mapped' {
        $failure = Get-ErrorOf { Resolve-VirtualAddress $dump 0x5000 | Resolve-PhysicalAddress }
        $failure | Should -HaveCount 1
        $failure.FullyQualifiedErrorId | Should -BeLike 'AddressMissing,*'
        "$failure" | Should -BeLike "*0x5000 isn't mapped and has no physical address*"
    }
}

Describe 'Export-ElfCore' {
    It 'takes dumps from the pipeline: <_>' -ForEach 'opened', 'path', 'file' {
        $one = switch ($_) {
            'opened' { $dump }
            'path' { $sample }
            'file' { Get-Item -LiteralPath $sample }
        }
        Export-ElfCore "$TestDrive/named.elf" -Dump $sample -Privilege User
        $one | Export-ElfCore "$TestDrive/piped.elf" -Privilege User -PassThru | Should -Exist
        Get-Hash "$TestDrive/piped.elf" | Should -Be (Get-Hash "$TestDrive/named.elf")
    }

    It 'takes roots from the pipeline, each with its path' {
        $two = $roots | Where-Object Root -In 0x904000, 0x942000
        $two | Export-ElfCore -Path { "$TestDrive/root-{0:x}.elf" -f $_.Root } -Privilege User
        foreach ($root in $two) {
            $root | Get-PageTableMapping -Privilege User | Export-ElfCore "$TestDrive/mapped.elf" -Privilege User
            Get-Hash ("$TestDrive/root-{0:x}.elf" -f $root.Root) | Should -Be (Get-Hash "$TestDrive/mapped.elf")
        }
    }

    It 'writes nothing when several are to go to one file' {
        foreach ($script in { Export-ElfCore "$TestDrive/all.elf" -Dump $roots }, { $roots | Export-ElfCore "$TestDrive/all.elf" }) {
            $script | Should -Throw -ErrorId "MixedSpaces,$commands.ExportElfCoreCommand"
        }

        Test-Path "$TestDrive/all.elf" | Should -BeFalse
    }

    It 'cuts mappings and images to ranges' {
        Export-ElfCore "$TestDrive/range.elf" -Dump $dump -Range 0x401000-0x402000
        Get-PageTableMapping $dump | Export-ElfCore "$TestDrive/cut.elf" -Range 0x401000-0x402000
        Get-Hash "$TestDrive/cut.elf" | Should -Be (Get-Hash "$TestDrive/range.elf")
        $image = Find-MappedImage $dump | Select-Object -First 1
        $image | Export-ElfCore "$TestDrive/head.elf" -Range $image.VirtualAddress, ($image.VirtualAddress + 0x800)
        $load = Read-ElfLoad "$TestDrive/head.elf"
        $load.Start | Should -Be $image.VirtualAddress
        $load.Size | Should -Be 0x800
        (Get-ErrorOf { $image | Export-ElfCore "$TestDrive/none.elf" -Range 0x1-0x2 }).FullyQualifiedErrorId | Should -BeLike 'NothingToExport,*'
    }

    It 'doesn''t blame filters for what it can''t take' {
        $failures = Get-ErrorOf { 42 | Export-ElfCore "$TestDrive/none.elf" }
        $failures.FullyQualifiedErrorId | Should -Be "InputObjectNotBound,$commands.ExportElfCoreCommand", "NothingToExport,$commands.ExportElfCoreCommand"
        "$($failures[1])" | Should -BeLike '*an error before this one says so*'
    }
}
