BeforeAll {
    . $PSScriptRoot/Common.ps1
    $sample = Get-SampleDump
    $root = 0x904000ul
    $worker = 0x942000ul
    $small = New-SmallDump "$TestDrive/small.bin"
    $get = @{ Root = 0x1000ul; Mode = 'ia32e' }
}

Describe 'The pipeline from a dump to a core' {
    BeforeAll {
        $folder = New-Item -ItemType Directory "$TestDrive/pipeline"
        Push-Location $folder
        Get-PageTableMapping $sample | Export-ElfCore out.elf
        $loads = Read-ElfLoad "$folder/out.elf"
    }

    AfterAll { Pop-Location }

    It 'writes an ELF core and nothing else' {
        Get-FileName $folder | Should -Be 'out.elf'
        $head = Get-Content -AsByteStream -TotalCount 20 out.elf
        $head[0..5] | Should -Be 0x7f, 0x45, 0x4c, 0x46, 2, 1
        $head[16..19] | Should -Be 4, 0, 62, 0
    }

    It 'holds the pattern of <_.Kind>' -ForEach @(
        Import-Csv "$PSScriptRoot/../../samples/linux-x64-tiny.regions.csv" | ForEach-Object { @{ Kind = $_.kind } }) {
        $region = Get-SampleRegion | Where-Object Kind -EQ $Kind
        $pieces = @(Read-CorePiece "$folder/out.elf" $loads $region.Start $region.Size)
        $covered = ($pieces | ForEach-Object { $_.Bytes.Length } | Measure-Object -Sum).Sum
        $expected, $flags = switch ($Kind) {
            'private-none-filled' { 0, @() }
            'private-execonly' { $region.Size, @(5) }
            'holes-odd-pages-unmapped' { ($region.Size / 2), @(6) }
            'alternating-perm-odd-ro' { $region.Size, @(4, 6) }
            'zeropage-read-touched' { $region.Size, @(4) }
            default { $region.Size, @(@{ 'rw-' = 6; 'r--' = 4; 'r-x' = 5; 'rwx' = 7 }[$region.Rights]) }
        }
        [ulong]$covered | Should -Be $expected
        $pieces.Flags | Sort-Object -Unique | Should -Be $flags
        foreach ($piece in $pieces) {
            Find-PatternBreak $piece $region | Should -BeNullOrEmpty
        }
    }

    It 'gives every segment all of its bytes, in ascending order' {
        $loads.Count | Should -BeGreaterThan 100
        $loads | Where-Object { $_.Size -ne $_.MemorySize } | Should -BeNullOrEmpty
        for ($i = 1; $i -lt $loads.Count; $i++) {
            $loads[$i].Start | Should -BeGreaterOrEqual ($loads[$i - 1].Start + $loads[$i - 1].Size)
        }
    }

    It 'stores shared pages once' {
        $first, $second = foreach ($kind in 'memfd-alias-rw', 'memfd-alias-ro') {
            $start = (Get-SampleRegion | Where-Object Kind -EQ $kind).Start
            $loads | Where-Object Start -EQ $start
        }
        $second.Offset | Should -Be $first.Offset
        $second.Start | Should -Not -Be $first.Start
        (Get-Item out.elf).Length | Should -BeLessThan (Get-Item $sample).Length
    }

    It 'outlives the command that read the mappings' {
        $mappings = Get-PageTableMapping $sample
        [GC]::Collect()
        $mappings | Export-ElfCore later.elf
        Get-Hash later.elf | Should -Be (Get-Hash out.elf)
    }

    It 'passes the file on' {
        $header = Get-PageTableMapping $sample | Export-ElfCore passed.elf -PassThru | Get-ElfHeader
        $header | Should -HaveCount 1
        $header.TypeName | Should -Be 'ET_CORE'
        $header.MachineName | Should -Be 'EM_X86_64'
        $header.ProgramHeaderCount | Should -Be ($loads.Count + 1)
        $header.Warnings | Should -BeNullOrEmpty
    }

    It 'emits the file, or nothing without -PassThru' {
        $file = Export-ElfCore passed.elf -Dump $sample -PassThru
        $file | Should -BeOfType System.IO.FileInfo
        $file.FullName | Should -Be (Join-Path $folder 'passed.elf')
        Export-ElfCore passed.elf -Dump $sample | Should -BeNullOrEmpty
    }

    It 'writes the same bytes from -Dump' {
        Export-ElfCore direct.elf -Dump $sample
        Get-Hash direct.elf | Should -Be (Get-Hash out.elf)
    }

    It 'writes the same bytes from single pages, from pages in disorder, and from pages given twice' {
        Get-PageTableMapping $sample -PerPage | Export-ElfCore pages.elf
        Get-Hash pages.elf | Should -Be (Get-Hash out.elf)
        $mappings = Get-PageTableMapping $sample
        $disorder = [object[]]($mappings + $mappings)
        [array]::Reverse($disorder)
        $disorder | Export-ElfCore disorder.elf
        Get-Hash disorder.elf | Should -Be (Get-Hash out.elf)
    }

    It 'takes the dump packed' {
        Get-PageTableMapping "$repository/samples/linux-x64-tiny.elf.gz" | Export-ElfCore packed.elf
        $unpacked, $packed = foreach ($core in 'out.elf', 'packed.elf') {
            Read-ElfLoad "$folder/$core" |
                ForEach-Object { '{0:x} {1:x} {2:x} {3}' -f $_.Start, $_.Physical, $_.Size, $_.Flags } | Out-String
        }
        $packed | Should -Be $unpacked
        $region = Get-SampleRegion | Where-Object Kind -EQ 'high-va'
        $piece = Read-CorePiece "$folder/packed.elf" (Read-ElfLoad "$folder/packed.elf") $region.Start $region.Size
        Find-PatternBreak $piece[0] $region | Should -BeNullOrEmpty
    }

    It 'is memory that GDB reads' -Skip:(-not (Get-Command gdb-multiarch, gdb -ErrorAction Ignore)) {
        $gdb = Get-Command gdb-multiarch, gdb -ErrorAction Ignore | Select-Object -First 1
        $text = & $gdb -nx -batch -ex 'x/2gx 0x100000000000' -ex 'x/gx 0x7ff000000008' -ex 'x/gx 0x100300000000' -c out.elf 2>&1 |
            Out-String
        $text | Should -Match '0x100000000000:\s+0xa500100000000000\s+0xa500100000000008'
        $text | Should -Match '0x7ff000000008:\s+0xa50d7ff000000008'
        $text | Should -Match 'Cannot access memory at address 0x100300000000'
    }
}

Describe 'Several address spaces' {
    BeforeAll {
        $folder = New-Item -ItemType Directory "$TestDrive/spaces"
        Push-Location $folder
    }

    BeforeEach { Get-ChildItem $folder -Force | Remove-Item -Force }

    AfterAll { Pop-Location }

    It 'writes one core for each root with -Path as a script block' {
        $mappings = foreach ($one in $root, $worker) { Get-PageTableMapping $sample -Root $one }
        $files = $mappings | Export-ElfCore -Path { 'as-{0:x}.elf' -f $_.Root } -PassThru
        Get-FileName $folder | Should -Be 'as-904000.elf', 'as-942000.elf'
        $files.Name | Should -Be 'as-904000.elf', 'as-942000.elf'
        Export-ElfCore alone.elf -Dump $sample -Root $worker
        Get-Hash as-942000.elf | Should -Be (Get-Hash alone.elf)
    }

    It 'finds the files again when spaces alternate' {
        $first = Get-PageTableMapping $sample -MaximumCount 20
        $second = Get-PageTableMapping $sample -Root $worker -MaximumCount 20
        0..19 | ForEach-Object { $first[$_]; $second[$_] } | Export-ElfCore -Path { '{0:x}.elf' -f $_.Root }
        $first | Export-ElfCore first.elf
        Get-Hash 904000.elf | Should -Be (Get-Hash first.elf)
    }

    It 'writes one core for each dump' {
        $null = New-SmallDump "$folder/a.bin"
        $null = New-SmallDump "$folder/b.bin"
        Get-PageTableMapping *.bin @get | Export-ElfCore -Path { [IO.Path]::ChangeExtension($_.Dump.Path, 'elf') }
        Get-FileName $folder | Should -Be 'a.bin', 'a.elf', 'b.bin', 'b.elf'
    }

    It 'refuses <Name> in one file and writes nothing' -ForEach @(
        @{ Name = 'two roots'; Script = { foreach ($one in 0x904000ul, 0x942000ul) { Get-PageTableMapping $sample -Root $one } } }
        @{ Name = 'two dumps'; Script = { Get-PageTableMapping $sample; Get-PageTableMapping $small @get } }) {
        { & $Script | Export-ElfCore mixed.elf } | Should -Throw -ErrorId "MixedSpaces,$commands.ExportElfCoreCommand"
        Get-FileName $folder | Should -BeNullOrEmpty
    }
}

Describe 'Export-ElfCore''s choices' {
    BeforeAll {
        function Get-Load {
            Read-ElfLoad "$TestDrive/choice.elf" | ForEach-Object { '{0:x}+{1:x}:{2}' -f $_.Start, $_.Size, $_.Flags }
        }
    }

    It 'writes the rights at -Privilege <Privilege>, and only what has any' -ForEach @(
        @{ Privilege = 'Any'; Expected = '400000+1000:5', '401000+1000:6', '600000+1000:4', 'ffff888000000000+2000:6' }
        @{ Privilege = 'User'; Expected = '400000+1000:5', '401000+1000:6', '600000+1000:4' }
        @{ Privilege = 'Supervisor'; Expected = '400000+1000:5', '401000+1000:6', '600000+1000:4', 'ffff888000000000+2000:6' }) {
        Get-PageTableMapping $small @get | Export-ElfCore "$TestDrive/choice.elf" -Privilege $Privilege
        Get-Load | Should -Be $Expected
        Export-ElfCore "$TestDrive/choice.elf" -Dump $small @get -Privilege $Privilege
        Get-Load | Should -Be $Expected
    }

    It 'takes the rights <Rights>' -ForEach @(
        @{ Rights = 'w'; Expected = '401000+1000:6', 'ffff888000000000+2000:6' }
        @{ Rights = '!w'; Expected = '400000+1000:5', '600000+1000:4' }
        @{ Rights = 'r--'; Expected = '600000+1000:4' }) {
        Get-PageTableMapping $small @get | Export-ElfCore "$TestDrive/choice.elf" -Rights $Rights
        Get-Load | Should -Be $Expected
    }

    It 'lists the segments by address, or the largest first' {
        Export-ElfCore "$TestDrive/choice.elf" -Dump $small @get -SegmentOrder Size
        Get-Load | Select-Object -First 1 | Should -Be 'ffff888000000000+2000:6'
        $sizes = Get-Load | Sort-Object
        Export-ElfCore "$TestDrive/choice.elf" -Dump $small @get -SegmentOrder Address
        Get-Load | Should -Be $sizes
    }

    It 'takes a range of addresses from -Dump' {
        Export-ElfCore "$TestDrive/choice.elf" -Dump $small @get -MinimumAddress 0x401000 -MaximumAddress 0xffff888000000fff
        Get-Load | Should -Be '401000+1000:6', '600000+1000:4', 'ffff888000000000+1000:6'
    }

    It 'takes a raw image''s base and a machine description from -Dump' {
        $folder = New-Item -ItemType Directory "$TestDrive/described"
        New-RawSample $folder
        Export-ElfCore "$folder/a.elf" -Dump "$folder/raw.bin" -Machine "$folder/machine.yaml" -WarningAction Ignore
        Export-ElfCore "$folder/b.elf" -Dump "$folder/machine.yaml" -WarningAction Ignore
        Read-ElfLoad "$folder/a.elf" | Should -HaveCount (Read-ElfLoad "$folder/b.elf").Count
        $words = New-PageTable @(@{ Virtual = 0x1000; Physical = 0x80000000ul }) -Root 0x80001000ul -Base 0x80000000ul
        $high = New-RawDump "$folder/high.bin" 64kb $words
        Export-ElfCore "$TestDrive/choice.elf" -Dump $high -Mode ia32e -Root 0x80001000 -RamBase 0x80000000
        Get-Load | Should -Be '1000+1000:7'
    }

    It 'takes the registers of -Cpu from -Dump' {
        $dump = New-ElfDump "$TestDrive/cpus.elf" $small @(
            @{ cr0 = 0x80000001ul; cr3 = 0x8000ul; cr4 = 0x20ul }, @{ cr0 = 0x80000001ul; cr3 = 0x1000ul; cr4 = 0x20ul })
        Export-ElfCore "$TestDrive/choice.elf" -Dump $dump -Cpu 1
        Get-Load | Should -HaveCount 4
    }

    It 'refuses the space''s parameters with mappings' {
        $mapping = Get-PageTableMapping $small @get -MaximumCount 1
        { Export-ElfCore "$TestDrive/choice2.elf" -InputObject $mapping -Root 0x1000 } |
            Should -Throw -ErrorId "AmbiguousParameterSet,$commands.ExportElfCoreCommand"
        Test-Path "$TestDrive/choice2.elf" | Should -BeFalse
    }

    It 'says what it leaves out' {
        $words = New-PageTable @(@{ Virtual = 0x1000; Physical = 0x2000 }, @{ Virtual = 0x5000; Physical = 0xfee00000ul })
        $dump = New-RawDump "$TestDrive/device.bin" 64kb $words
        Get-PageTableMapping $dump @get -IncludeAbsent |
            Export-ElfCore "$TestDrive/choice.elf" -WarningVariable warnings -WarningAction SilentlyContinue
        Get-Load | Should -Be '1000+1000:7'
        "$warnings" | Should -Match '^1 mappings to devices or absent memory are left out'
    }

    It 'counts beyond 65534 segments' {
        $dump = New-MillionPageDump "$TestDrive/million.bin"
        $header = Get-PageTableMapping $dump @get -MaximumCount 66000 |
            Export-ElfCore "$TestDrive/many.elf" -PassThru | Get-ElfHeader -WarningVariable warnings
        $header.ProgramHeaderCountField | Should -Be 0xffff
        $header.ProgramHeaderCount | Should -Be 66001
        $warnings | Should -BeNullOrEmpty
        (Get-Item "$TestDrive/many.elf").Length | Should -BeLessThan 4mb
    }
}
