# What is said of dumps: one, and a folder of evidence in which not everything is one.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $sample = Get-SampleDump
    $folder = (New-Item -ItemType Directory "$TestDrive/evidence").FullName
    New-RawSample $folder
    Copy-Item $sample "$folder/linux.elf"
    $null = New-Item -ItemType Directory "$folder/notes"
    Set-Content "$folder/notes.txt" ('What was found on the desk. ' * 40)
    [IO.File]::WriteAllBytes("$folder/report.pdf", [Text.Encoding]::ASCII.GetBytes('%PDF-1.7') + [byte[]]::new(9000))
    $other = New-SmallDump "$folder/with [brackets].bin"
    Push-Location $folder

    # An AVML file of two blocks of 64 KiB, stored; the checksum of the second one is wrong.
    function New-DamagedDump([string]$Path) {
        $file = [IO.MemoryStream]::new()
        $writer = [IO.BinaryWriter]::new($file)
        $writer.Write([uint]0x4c4d5641)
        $writer.Write([uint]2)
        foreach ($number in 0x100000, 0x11ffff, 0) {
            $writer.Write([ulong]$number)
        }

        $writer.Write([byte[]](@(0xff, 6, 0, 0) + [Text.Encoding]::ASCII.GetBytes('sNaPpY')))
        foreach ($sum in 0x2bcbd059ul, 0x12345678ul) {
            $writer.Write([byte[]](1, 4, 0, 1))
            $writer.Write([uint]$sum)
            $writer.Write([byte[]]::new(65536))
        }

        $writer.Write([ulong]($file.Length - 32))
        [IO.File]::WriteAllBytes($Path, $file.ToArray())
        $Path
    }

    $damaged = New-DamagedDump "$TestDrive/damaged.avml"
}

AfterAll {
    Pop-Location
    Close-MemoryDump -All
}

Describe 'Get-MemoryDump' {
    It 'says what a dump is' {
        $dump = Get-MemoryDump linux.elf
        $dump | Should -BeOfType ElfMmu.Inspection.MemoryDumpInfo
        $dump.Path | Should -Be "$folder/linux.elf"
        $dump.Container | Should -Be 'ELF core of physical memory'
        $dump.Architecture, $dump.WordSize, $dump.ByteOrder, $dump.Mode | Should -Be 'X86', 64, 'Little', 'ia32e'
        $dump.Root | Should -Be 0x904000
        $dump.Runs[0].Start, $dump.Runs[0].End, $dump.Runs[0].Size | Should -Be 0, 0x1ffffff, 32mb
        $dump.Gaps[0].Start | Should -Be 0x2000000
        $dump.HighestAddress | Should -Be 0xfffffffful
        $dump.Cpus.Count | Should -Be 1
        $dump.Cpus[0].Registers['CR3'] | Should -Be 0x904000
        $dump.IsComplete, $dump.IsPlaced | Should -Be $true, $true
        $dump.Sha256 | Should -BeNullOrEmpty
    }

    It 'makes a row for each dump of a folder, and an error for what is none' {
        $dumps = Get-ChildItem | Get-MemoryDump -ErrorAction SilentlyContinue -ErrorVariable failures -WarningVariable warnings
        $dumps.Name | Should -Be 'linux.elf', 'machine.yaml', 'raw.bin', 'with [brackets].bin'
        $failures.FullyQualifiedErrorId | Should -Be (@("NotAMemoryDump,$commands.GetMemoryDumpCommand") * 2)
        ($failures.TargetObject | Split-Path -Leaf) | Should -Be 'notes.txt', 'report.pdf'
        $warnings | Should -BeNullOrEmpty
    }

    It 'knows pieces of a machine' {
        $raw = Get-MemoryDump raw.bin
        $raw.IsPlaced | Should -BeFalse
        $raw.DescribedBy | Should -Be "$folder/machine.yaml"
        (Get-MemoryDump machine.yaml).Files.Path | Should -Be "$folder/machine.yaml", "$folder/raw.bin"
        (Get-MemoryDump 'with *.bin').DescribedBy | Should -BeNullOrEmpty
    }

    It 'takes what is said to be memory for memory' {
        (Get-MemoryDump notes.txt -RamBase 0x1000).Runs[0].Start | Should -Be 0x1000
        (Get-ErrorOf { Get-MemoryDump notes.txt }).Exception.Message | Should -BeLike '*looks like text*'
    }

    It 'says how to give a name with wildcards' {
        Copy-Item raw.bin -Destination 'one [1].bin'
        (Get-ErrorOf { Get-MemoryDump 'one [1].bin' }).Exception.Message | Should -BeLike '*give it with -LiteralPath.'
        (Get-ErrorOf { Get-MemoryDump 'two [1].bin' }).Exception.Message | Should -BeLike "No file matches 'two *."
        Remove-Item -LiteralPath 'one [1].bin'
    }

    It 'fits a table and a list of texts' {
        Get-ChildItem linux.elf | Get-MemoryDump | Out-String -Width 80 | Should -Match 'Name +Container +Memory +Arch +CPUs +Taken +System'
        (Get-MemoryDump linux.elf | ConvertTo-Csv)[1] | Should -Match '"0x0-0x1ffffff; 0xfffc0000-0xffffffff"'
    }

    It 'passes over folders that nobody named' {
        Get-MemoryDump *notes -ErrorAction Stop | Should -BeNullOrEmpty
        Get-Item notes | Get-MemoryDump -ErrorAction Stop | Should -BeNullOrEmpty
        (Get-ErrorOf { Get-MemoryDump notes }).FullyQualifiedErrorId | Should -Be "FileOpenFailed,$commands.GetMemoryDumpCommand"
        (Get-ErrorOf { Get-MemoryDump -LiteralPath notes }).FullyQualifiedErrorId | Should -Be "FileOpenFailed,$commands.GetMemoryDumpCommand"
    }

    It 'takes paths, wildcards, files and dumps' {
        (Get-MemoryDump -LiteralPath 'with [brackets].bin').Path | Should -Be $other
        (Get-Item linux.elf | Get-MemoryDump).Name | Should -Be linux.elf
        ('linux.elf' | Get-MemoryDump).Name | Should -Be linux.elf
        (Open-MemoryDump linux.elf | Get-MemoryDump).Name | Should -Be linux.elf
        $mapping = Get-PageTableMapping linux.elf -MaximumCount 1
        (Get-MemoryDump $mapping.Dump).Name | Should -Be linux.elf
        $open = Open-MemoryDump linux.elf
        (Get-ErrorOf { Get-MemoryDump $open -ZeroFill }).FullyQualifiedErrorId | Should -Be "DumpAlreadyDescribed,$commands.GetMemoryDumpCommand"
    }

    It 'gives what other cmdlets take' {
        $dump = Get-MemoryDump linux.elf
        ($dump | Get-PageTableMapping -MaximumCount 3).Count | Should -Be 3
        ($dump.Roots | Get-PageTableMapping -MaximumCount 1).Root | Should -Be 0x904000
        $core = $dump.Roots | Export-ElfCore "$TestDrive/root.core" -MaximumAddress 0x7ffffffff000 -PassThru
        $core.Name | Should -Be root.core
        ($dump.Roots[0] | Get-MemoryDump).Name | Should -Be linux.elf
        Compare-PageTableMapping $dump.Roots[0] linux.elf | Should -BeNullOrEmpty
        $linked = Get-ErrorOf { $dump.Roots[0] | Export-ElfCore "$TestDrive/root.core" -Root 0x1000 }
        $linked.FullyQualifiedErrorId | Should -BeLike 'RootConflict,*'
        $dump.Roots[0].IsDefault, $dump.Roots[0].Cpu | Should -Be $true, 0
        ($dump | Find-PageTableRoot -Top 1 -WarningAction SilentlyContinue).Root | Should -Be 0x904000
        (Get-MemoryDump raw.bin -Machine machine.yaml | Get-PageTableMapping -MaximumCount 1).Root | Should -Be 0x904000
    }

    It 'hashes files as other tools do' {
        (Get-MemoryDump linux.elf -Hash).Sha256 | Should -BeExactly (Get-FileHash linux.elf).Hash.ToLowerInvariant()
        $machine = Get-MemoryDump machine.yaml -Hash
        $machine.Files.Sha256 | Should -BeExactly (Get-FileHash machine.yaml, raw.bin).Hash.ToLowerInvariant()
    }

    It 'is a table that fits narrow windows' {
        foreach ($width in 80, 120) {
            $lines = Get-MemoryDump linux.elf, raw.bin | Format-Table | Out-String -Stream -Width $width
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
            $lines -match '^linux\.elf +ELF core +32\.3 MiB +X86-64 +1' | Should -Not -BeNullOrEmpty
            $lines -match '^raw\.bin +piece of machi' | Should -Not -BeNullOrEmpty
        }
    }

    It 'says everything in a list' {
        $text = Get-MemoryDump linux.elf | Format-List | Out-String -Width 200
        $text | Should -Match 'Runs +: 0x0-0x1ffffff, 0xfffc0000-0xffffffff'
        $text | Should -Match 'Roots +: 0x904000 \(ia32e\)'
        $text | Should -Match 'Cpus +: CPU 0  CR3 0x904000'
    }

    It 'completes names of files' {
        foreach ($line in "Get-MemoryDump $folder/lin", "Get-PageTableMapping -Dump $folder/lin", "Open-MemoryDump $folder/lin", "Get-MemoryDump -LiteralPath $folder/lin") {
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be "$folder/linux.elf"
        }
    }

    It 'is fast' {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $null = 1..20 | ForEach-Object { Get-MemoryDump linux.elf }
        $clock.ElapsedMilliseconds | Should -BeLessThan 4000
    }
}

Describe 'ZeroFill' {
    It 'is refused where a dump was opened before' {
        $open = Open-MemoryDump linux.elf
        foreach ($script in { Get-PageTableMapping $open -ZeroFill }, { Find-PageTableRoot $open -ZeroFill }, { Read-VirtualMemory $open 0 -Physical -ZeroFill }) {
            (Get-ErrorOf $script).FullyQualifiedErrorId | Should -BeLike 'DumpAlreadyDescribed,*'
        }

        $mapping = Get-PageTableMapping linux.elf -MaximumCount 1
        { $mapping | Read-VirtualMemory -Address 0x401000 -ZeroFill -ErrorAction Stop } | Should -Throw -ErrorId 'RootConflict,*'
    }

    It 'is kept with the dump' {
        (Open-MemoryDump linux.elf -ZeroFill).Identity.ZeroFill | Should -BeTrue
        (Get-PageTableMapping linux.elf -ZeroFill -MaximumCount 1).Dump.ZeroFill | Should -BeTrue
        (Get-MemoryDump linux.elf -ZeroFill).Dump.ZeroFill | Should -BeTrue
        (Get-PageTableMapping linux.elf -MaximumCount 1).Dump.ZeroFill | Should -BeFalse
    }
}

Describe 'Damage' {
    It 'is told once when a cmdlet ends, and counts as absent' {
        $read = 0x10fff8ul, 0x110000ul, 0x118000ul | Read-VirtualMemory $damaged -Physical -Length 16 -Absent Fill -FillByte 0xee -WarningVariable warnings 3> $null
        $read.Count | Should -Be 3
        $read[0] | Should -Be (@(0) * 8 + @(0xee) * 8)
        $read[1] | Should -Be (@(0xee) * 16)
        $told = @($warnings -match 'can''t be unpacked')
        $told.Count | Should -Be 1
        $told[0] | Should -BeLike "A block of '$damaged' can't be unpacked and counts as absent: physical 0x110000, 0x10000 bytes at offset 0x1003*"
        $warnings[-1] | Should -Be $told[0]
    }

    It 'is no byte where nothing fills it in' {
        (Get-ErrorOf { Read-VirtualMemory $damaged 0x110000 -Physical -WarningAction SilentlyContinue }).FullyQualifiedErrorId | Should -BeLike 'MemoryAbsent,*'
    }

    It 'is zeros where that was asked for, and told all the same' {
        $read = Read-VirtualMemory $damaged 0x110000 -Physical -Length 16 -ZeroFill -WarningVariable warnings 3> $null
        $read | Should -Be (@(0) * 16)
        $warnings | Should -BeLike '*was read as zeros*'
    }

    It 'is shown where a dump is open' {
        $open = Open-MemoryDump $damaged
        (Get-MemoryDump $open -WarningAction SilentlyContinue).IsComplete | Should -BeTrue
        $null = Read-VirtualMemory $open 0x110000 -Physical -Absent Fill -WarningVariable told 3> $null
        @($told -match 'can''t be unpacked').Count | Should -Be 1
        $known = Get-MemoryDump $open -WarningVariable warnings 3> $null
        $known.IsComplete | Should -BeFalse
        $known.Damage[0].PhysicalAddress, $known.Damage[0].Size | Should -Be 0x110000, 65536
        @($warnings).Count | Should -Be 0
    }

    It 'is told of each dump' {
        Copy-Item $damaged "$TestDrive/other.avml"
        $null = Read-VirtualMemory "$TestDrive/*.avml" 0x110000 -Physical -Absent Fill -WarningVariable warnings 3> $null
        @($warnings -match 'can''t be unpacked').Count | Should -Be 2
    }
}
