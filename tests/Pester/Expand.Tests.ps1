# Executables as flat images of memory: out of files, and out of address spaces; and those images opened as dumps again.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $sample = Get-SampleDump
    $root = 0x8f2000ul
    $folder = (New-Item -ItemType Directory "$TestDrive/expand").FullName
    Push-Location $folder

    # A program of two segments at 0x400000 and 0x402000, of which the second has 0x100 bytes in the file and 0x300 in memory.
    function New-Program([string]$Path, [int]$Type = 2, [ulong]$Start = 0x400000, [ulong]$Memory = 0x300) {
        $stream = [IO.MemoryStream]::new()
        $stream.Write((New-ElfHeader -Type $Type -Entry ($Start + 0x10) -SegmentOffset 64 -SegmentCount 2))
        foreach ($segment in @(@(1, 5, 0x1000, $Start, $Start, 0x800, 0x800, 0x1000), @(1, 6, 0x2000, ($Start + 0x2000), ($Start + 0x2000), 0x100, $Memory, 0x1000))) {
            Write-Number $stream $segment[0] 4
            Write-Number $stream $segment[1] 4
            foreach ($number in $segment[2..7]) {
                Write-Number $stream $number 8
            }
        }

        $bytes = [byte[]]::new(0x2100)
        for ($i = 0x1000; $i -lt $bytes.Length; $i++) {
            $bytes[$i] = ($i * 7 -bxor ($i -shr 8)) -band 0xff
        }

        $stream.ToArray().CopyTo($bytes, 0)
        $full = Join-Path $folder $Path
        [IO.File]::WriteAllBytes($full, $bytes)
        $full
    }

    $program = New-Program a.elf
    $content = [IO.File]::ReadAllBytes($program)
    $memory = [byte[]]::new(0x2300)
    [Array]::Copy($content, 0x1000, $memory, 0, 0x800)
    [Array]::Copy($content, 0x2000, $memory, 0x2000, 0x100)
    $expected = [Convert]::ToHexString($memory)
    function Read-Hex([string]$Path) { [Convert]::ToHexString([IO.File]::ReadAllBytes($Path)) }
}

AfterAll { Pop-Location }

Describe 'Expand-ElfImage' {
    It 'writes an image and its description beside a file, and says what is in it' {
        $image = Expand-ElfImage a.elf -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $image | Should -BeOfType ElfMmu.Images.Loading.MemoryImage
        $image.Path | Should -Be "$program.bin"
        $image.DescriptionPath | Should -Be "$program.yaml"
        Read-Hex $image.Path | Should -BeExactly $expected
        $image.BaseAddress, $image.Size, $image.EntryPoint | Should -Be 0x400000, 0x2300, 0x400010
        $image.BaseAddress | Should -BeOfType ulong
        $image.Machine, $image.Type, $image.Class | Should -Be 'EM_X86_64', 'ET_EXEC', 64
        $image.Regions.VirtualAddress | Should -Be 0x400000, 0x402000
        $image.Regions.Rights | Should -Be 'r-x', 'rw-'
        $image.Regions.Offset | Should -Be 0, 0x2000
    }

    It 'opens as a dump by its description, by its base, and by itself in a pipeline' {
        $image = Expand-ElfImage a.elf
        $read = Read-VirtualMemory $image.DescriptionPath 0x402000ul -Physical -Length 0x300
        [Convert]::ToHexString($read) | Should -BeExactly $expected.Substring(0x4000, 0x600)
        $read = Read-VirtualMemory $image.Path 0x400000ul -Physical -RamBase $image.BaseAddress -Length 0x100
        [Convert]::ToHexString($read) | Should -BeExactly $expected.Substring(0, 0x200)
        $dump = $image | Open-MemoryDump
        try {
            $dump.Path | Should -Be $image.Path
            $dump.Identity.RamBase | Should -Be 0x400000
        }
        finally {
            Close-MemoryDump $dump
        }

        $dump = Open-MemoryDump $image.DescriptionPath -WarningVariable warnings
        try {
            $warnings | Should -BeNullOrEmpty
            $dump.Architecture, $dump.MemorySize | Should -Be 'X86', 0x2300
        }
        finally {
            Close-MemoryDump $dump
        }
    }

    It 'walks a kernel''s own page tables' {
        # The tables of the small dump, as the data of a program that lies where they say.
        $raw = [IO.File]::ReadAllBytes((New-SmallDump "$folder/small.bin"))
        $stream = [IO.MemoryStream]::new()
        $stream.Write((New-ElfHeader -Type 2 -SegmentOffset 64 -SegmentCount 1))
        Write-Number $stream 1 4
        Write-Number $stream 7 4
        foreach ($number in 0x2000, 0xffffffff80001000ul, 0x1000, ($raw.Length - 0x1000), ($raw.Length - 0x1000), 0x1000) {
            Write-Number $stream $number 8
        }

        $stream.SetLength(0x2000)
        $stream.Position = 0x2000
        $stream.Write($raw, 0x1000, $raw.Length - 0x1000)
        [IO.File]::WriteAllBytes("$folder/kernel.elf", $stream.ToArray())
        $image = Expand-ElfImage kernel.elf -AddressKind Physical
        $image.BaseAddress | Should -Be 0x1000
        $known = Get-PageTableMapping "$folder/small.bin" -Root 0x1000ul -Mode ia32e | ForEach-Object ToString
        Get-PageTableMapping $image.Path -RamBase $image.BaseAddress -Root 0x1000ul -Mode ia32e | ForEach-Object ToString | Should -Be $known
        Get-PageTableMapping $image.DescriptionPath -Root 0x1000ul -Mode ia32e | ForEach-Object ToString | Should -Be $known
        $bytes = Read-VirtualMemory $image.DescriptionPath 0x600000ul -Root 0x1000ul -Mode ia32e -Length 8
        [Convert]::ToHexString($bytes) | Should -Be ('CC' * 8)
    }

    It 'moves the first byte with -Base, and what is movable with -LoadAddress' {
        (Expand-ElfImage a.elf -Base 0x3ff000).Regions[0].Offset | Should -Be 0x1000
        Get-ErrorOf { Expand-ElfImage a.elf -Base 0x400001 } | ForEach-Object FullyQualifiedErrorId |
            Should -Be "BaseInvalid,$commands.ExpandElfImageCommand"
        $library = New-Program b.so -Type 3 -Start 0
        $image = Expand-ElfImage $library -LoadAddress 0x7ffff7c00000
        $image.BaseAddress, $image.LoadBias, $image.EntryPoint | Should -Be 0x7ffff7c00000, 0x7ffff7c00000, 0x7ffff7c00010
        Read-Hex $image.Path | Should -BeExactly $expected
        (Expand-ElfImage $library -Rebase 0x10000).BaseAddress | Should -Be 0x10000
        (Get-ErrorOf { Expand-ElfImage a.elf -LoadAddress 0x10000 }).FullyQualifiedErrorId | Should -BeLike 'LoadAddressInvalid,*'
    }

    It 'refuses what is too large, and takes a part of it' {
        $huge = New-Program huge.elf -Memory 0x1000000000000000ul
        $failure = Get-ErrorOf { Expand-ElfImage $huge }
        $failure.FullyQualifiedErrorId | Should -Be "ImageTooLarge,$commands.ExpandElfImageCommand"
        $failure.CategoryInfo.Category | Should -Be 'LimitsExceeded'
        "$failure" | Should -Match '0x1000000000002000 bytes'
        "$huge.bin" | Should -Not -Exist
        (Expand-ElfImage $huge -MaximumAddress 0x4022ff).Size | Should -Be 0x2300
        (Get-ErrorOf { Expand-ElfImage a.elf -MaximumSize 4kb }).FullyQualifiedErrorId | Should -BeLike 'ImageTooLarge,*'
    }

    It 'puts several files into a folder, and takes files, literal paths and what was read in them' {
        $null = New-Program 'c [1].elf'
        (Expand-ElfImage 'a.elf', 'b.so' -Destination out/).Path | Should -Be "$folder/out/a.elf.bin", "$folder/out/b.so.bin"
        (Get-ChildItem a.elf, b.so | Expand-ElfImage -Destination out/).Path | Should -Be "$folder/out/a.elf.bin", "$folder/out/b.so.bin"
        (Expand-ElfImage -LiteralPath 'c [1].elf' one.bin).Path | Should -Be "$folder/one.bin"
        (Get-ElfHeader a.elf -WarningAction Ignore | Expand-ElfImage -Destination new/).Path | Should -Be "$folder/new/a.elf.bin"
        (Get-ChildItem a.elf, b.so | Expand-ElfImage -Destination { "$($_.BaseName).img" }).Path | Should -Be "$folder/a.img", "$folder/b.img"
        (Get-ErrorOf { 'a.elf', 'b.so' | Expand-ElfImage -Destination two.bin }).FullyQualifiedErrorId | Should -BeLike 'OutputRepeated,*'
    }

    It 'replaces nothing it shouldn''t' {
        [IO.File]::WriteAllText("$folder/old.bin", 'old')
        [IO.File]::WriteAllText("$folder/mine.yaml", "cpu:`n")
        (Get-ErrorOf { Expand-ElfImage a.elf old.bin -NoClobber }).FullyQualifiedErrorId | Should -BeLike 'OutputExists,*'
        (Get-ErrorOf { Expand-ElfImage a.elf mine.bin }).FullyQualifiedErrorId | Should -BeLike 'DescriptionExists,*'
        (Get-ErrorOf { Expand-ElfImage a.elf a.elf }).FullyQualifiedErrorId | Should -BeLike 'OutputIsInput,*'
        Expand-ElfImage a.elf old.bin -WhatIf | Should -BeNullOrEmpty
        [IO.File]::ReadAllText("$folder/old.bin") | Should -Be 'old'
        'mine.bin' | Should -Not -Exist
        (Expand-ElfImage a.elf mine.bin -NoDescription).DescriptionPath | Should -BeNullOrEmpty
        (Expand-ElfImage a.elf mine.bin -Force).DescriptionPath | Should -Be "$folder/mine.yaml"
        Get-FileName $folder | Where-Object { $_ -like '*.tmp' } | Should -BeNullOrEmpty
    }

    It 'emits files with -PassThru' {
        $files = Expand-ElfImage a.elf passed.bin -PassThru
        $files | Should -BeOfType IO.FileInfo
        $files.Name | Should -Be 'passed.bin', 'passed.yaml'
        (Expand-ElfImage a.elf passed.bin -PassThru -NoDescription).Name | Should -Be 'passed.bin'
    }

    It 'says what is neither ELF nor PE, and goes on' {
        [IO.File]::WriteAllText("$folder/text.txt", 'text')
        $errors = Get-ErrorOf { $script:images = Expand-ElfImage text.txt, a.elf, none.elf -Destination mixed/ }
        $errors.FullyQualifiedErrorId | Should -BeLike '*,*'
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'ImageFormatUnknown,*'
        $images.Path | Should -Be "$folder/mixed/a.elf.bin"
    }

    It 'expands PE files' {
        $image = Expand-ElfImage (Join-Path (Split-Path $modulePath) ElfMmu.Core.dll) pe.bin -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $image.Kind, $image.Type | Should -Be 'Pe', 'dll'
        $image.Regions[0].Name | Should -Be 'headers'
        $image.Regions.Name | Should -Contain '.text'
        [Text.Encoding]::ASCII.GetString([IO.File]::ReadAllBytes($image.Path), 0, 2) | Should -Be 'MZ'
    }

    It 'gives regions that fuse' {
        $runs = (Expand-ElfImage a.elf).Regions | Compress-Interval
        $runs.Start | Should -Be 0x400000, 0x402000
        $runs.Size | Should -Be 0x800, 0x300
    }

    It 'shows tables with hexadecimal addresses' {
        $rendering = $PSStyle.OutputRendering
        $PSStyle.OutputRendering = 'PlainText'
        try {
            $image = Expand-ElfImage a.elf
            $image | Out-String -Width 160 | Should -Match '(?m)^0x0000000000400000 +0x2300 EM_X86_64 +ET_EXEC +2 +0x0 .*a\.elf\.bin\s*$'
            $image.Regions | Out-String -Width 100 | Should -Match '(?m)^PT_LOAD +0x0000000000402000 +0x300 +0x2000 +0x100 rw-\s*$'
            $image | Format-List | Out-String -Width 160 | Should -Match 'BaseAddress +: 0x0000000000400000'
        }
        finally {
            $PSStyle.OutputRendering = $rendering
        }
    }
}

Describe 'Expand-ElfImage on images in an address space' {
    It 'writes the memory of each, and says what isn''t there' {
        $found = @(Find-MappedImage $sample -Root $root -Privilege User)
        $images = @($found | Expand-ElfImage -Destination mapped/ -WarningVariable warnings -WarningAction SilentlyContinue)
        $images.BaseAddress | Should -Be $found.VirtualAddress
        $images.IsFromMemory | Should -Be $true, $true
        $images[0].AbsentBytes | Should -Be ($found[0].TotalBytes - $found[0].PresentBytes)
        ($images[0].Absent.Size | Measure-Object -Sum).Sum | Should -Be $images[0].AbsentBytes
        "$warnings" | Should -Match 'bytes aren''t there and are zeros'
        $read = Read-VirtualMemory $sample $found[1].VirtualAddress -Root $root -Length $images[1].Size
        Read-Hex $images[1].Path | Should -BeExactly ([Convert]::ToHexString($read))
        [IO.Path]::GetFileName($images[1].Path) | Should -Be ('linux.elf-{0:x}-{1:x}.bin' -f $root, $found[1].VirtualAddress)
    }
}

Describe 'Images in an address space as ELF input' {
    It 'have their headers without warnings' {
        $headers = Find-MappedImage $sample -Root $root -Privilege User | Get-ElfHeader -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $headers.TypeName | Should -Be 'ET_EXEC', 'ET_DYN'
        $headers.Path | Should -Be "${sample}:8f2000:0x400000", "${sample}:8f2000:0x7ffcb3f28000"
    }

    It 'of a packed dump are unpacked once' {
        $packed = "$repository/samples/linux-x64-tiny.elf.gz"
        $found = @(Find-MappedImage $packed -Root $root)
        $one = Measure-Command { $found[0] | Get-ElfHeader -WarningAction Ignore }
        $found.Count | Should -BeGreaterThan 2
        $many = Measure-Command { 1..20 | ForEach-Object { $found } | Get-ElfHeader -WarningAction Ignore }
        $many.TotalSeconds | Should -BeLessThan ($one.TotalSeconds * 5 + 1)
    }
}
