# Dumps in other containers: what is written, what comes back, and what is refused.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $sample = Get-SampleDump
    $folder = (New-Item -ItemType Directory "$TestDrive/convert").FullName
    Push-Location $folder
    $small = New-SmallDump "$folder/small.bin"
    $space = @{ Root = 0x1000ul; Mode = 'ia32e' }
    function Get-Sha([string]$Path) { (Get-FileHash -LiteralPath $Path -Algorithm SHA256).Hash.ToLowerInvariant() }
}

AfterAll { Pop-Location }

Describe 'Convert-MemoryDump' {
    It 'writes <Format>, says what it did, and what it wrote maps the same' -ForEach @(
        @{ Format = 'Elf'; Extension = '.elf' }
        @{ Format = 'Lime'; Extension = '.lime' }
        @{ Format = 'Raw'; Extension = '.raw' }
    ) {
        $done = Convert-MemoryDump $small -Format $Format -Destination out-of/ -RamBase 0 -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
        $done | Should -BeOfType ElfMmu.Conversion.ConvertedDump
        $done.Path | Should -Be "$folder/out-of/small$Extension"
        $done.Format | Should -Be $Format
        $done.SourceSha256 | Should -BeExactly (Get-Sha $small)
        $done.MemorySha256 | Should -BeExactly (Get-Sha $small)
        $done.MemorySize | Should -Be (Get-Item $small).Length
        $done.DamagedBlocks | Should -Be 0
        $before = Get-PageTableMapping $small @space | Select-Object VirtualAddress, PhysicalAddress, Size | ConvertTo-Csv
        $after = Get-PageTableMapping $done.Path @space | Select-Object VirtualAddress, PhysicalAddress, Size | ConvertTo-Csv
        $after | Should -Be $before
    }

    It 'keeps the registers of a real guest in ELF and in a description' {
        $elf = Convert-MemoryDump $sample real.elf
        $raw = Convert-MemoryDump $sample real.raw -Format Raw -MachineOut real.yaml
        $raw.MemorySha256 | Should -BeExactly $elf.MemorySha256
        $raw.Files | Should -Be "$folder/real.raw", "$folder/real.yaml"
        $expected = Get-PageTableMapping $sample -MaximumCount 20 | ForEach-Object { '{0:x} {1:x}' -f $_.VirtualAddress, $_.PhysicalAddress }
        foreach ($path in 'real.elf', 'real.yaml') {
            Get-PageTableMapping $path -MaximumCount 20 | ForEach-Object { '{0:x} {1:x}' -f $_.VirtualAddress, $_.PhysicalAddress } |
                Should -Be $expected
        }
    }

    It 'takes files of a pipeline into a folder' {
        $in = (New-Item -ItemType Directory "$folder/in").FullName
        Copy-Item $small "$in/a.bin"
        Copy-Item $small "$in/b.bin"
        New-Item -ItemType Directory "$in/sub" | Out-Null
        $done = Get-ChildItem $in | Convert-MemoryDump -Destination out/ -Format Lime
        $done.Path | Should -Be "$folder/out/a.lime", "$folder/out/b.lime"
        (Convert-MemoryDump "$in/*.bin" out -Format Raw -PassThru).Name | Should -Be 'a.raw', 'b.raw'
    }

    It 'names files by a script block' {
        $done = Get-Item $small | Convert-MemoryDump -Destination { "named-$($_.BaseName).elf" }
        $done.Path | Should -Be "$folder/named-small.elf"
    }

    It 'takes a dump that is open, and refuses to be told again how it is opened' {
        $dump = Open-MemoryDump $small -RamBase 0x40000000
        try {
            $done = $dump | Convert-MemoryDump -Destination open.lime -Format Lime
            Read-VirtualMemory $done.Path 0x40001000ul -Physical -Length 8 | Should -Not -BeNullOrEmpty
            $dump | Convert-MemoryDump -Destination x.elf -RamBase 0 -ErrorVariable errors -ErrorAction SilentlyContinue
            $errors[0].FullyQualifiedErrorId | Should -BeLike 'DumpAlreadyDescribed*'
        }
        finally {
            $dump | Close-MemoryDump
        }
    }

    It 'splits a raw image into pieces beside a description' {
        $done = Convert-MemoryDump $small piece.raw -Format Raw -Split -RamBase 0x2000
        $done.Path | Should -Be "$folder/piece.yaml"
        Get-Sha "$folder/piece-2000.raw" | Should -BeExactly (Get-Sha $small)
        (Convert-MemoryDump piece.yaml again.elf).MemorySha256 | Should -BeExactly (Get-Sha $small)
    }

    It 'writes nothing with -WhatIf, and checks the destination' {
        Convert-MemoryDump $small whatif.elf -WhatIf
        Test-Path whatif.elf | Should -BeFalse
        Convert-MemoryDump $small new/ -WhatIf
        Test-Path new | Should -BeFalse
        Convert-MemoryDump $small $small -WhatIf -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'OutputIsInput*'
    }

    It 'fails with <Id>' -ForEach @(
        @{ Id = 'OutputIsInput'; Arguments = @{ Destination = 'small.bin' } }
        @{ Id = 'ConversionInvalid'; Arguments = @{ Destination = 'x'; Split = $true; Format = 'Lime' } }
        @{ Id = 'ConversionInvalid'; Arguments = @{ Destination = 'x'; FromZero = $true; Format = 'Elf' } }
        @{ Id = 'ConversionInvalid'; Arguments = @{ Destination = 'x'; Plain = $true; Format = 'Raw' } }
        @{ Id = 'OutputExists'; Arguments = @{ Destination = 'there'; NoClobber = $true } }
        @{ Id = 'WriteFailed'; Arguments = @{ Destination = 'no/such/x' } }
    ) {
        Set-Content there old -NoNewline
        $before = Get-Sha $small
        Convert-MemoryDump $small @Arguments -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -BeLike "$Id*"
        Get-Sha $small | Should -BeExactly $before
        Get-Content there -Raw | Should -Be old
    }

    It 'takes the format from the name, and raw from -Split' {
        (Convert-MemoryDump $small by.lime -WarningAction SilentlyContinue).Format | Should -Be Lime
        (Convert-MemoryDump $small by.img).Format | Should -Be Raw
        (Convert-MemoryDump $small by.img -Format Elf -WarningAction SilentlyContinue).Format | Should -Be Elf
        (Convert-MemoryDump $small by.pieces -Split -WarningAction SilentlyContinue).Format | Should -Be Raw
    }

    It 'refuses what is no memory unless it is said to be, and makes no folder for it' {
        Set-Content notes.txt 'these are notes' -NoNewline
        Convert-MemoryDump notes.txt junk/ -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'NotAMemoryDump*'
        Test-Path junk | Should -BeFalse
        (Convert-MemoryDump notes.txt junk/ -RamBase 0).MemorySize | Should -Be 15
    }

    It 'emits what other commands take' {
        $info = Convert-MemoryDump $sample on.elf | Get-MemoryDump
        $info.Path | Should -Be "$folder/on.elf"
        (Convert-MemoryDump $sample on.lime -WarningAction SilentlyContinue | Convert-MemoryDump -Destination back.raw -WarningAction SilentlyContinue).SourcePath |
            Should -Be "$folder/on.lime"
    }

    It 'refuses to write two dumps to one file, and writes neither' {
        Copy-Item $small two.bin
        Convert-MemoryDump small.bin, two.bin same.elf -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'OutputRepeated*'
        Test-Path same.elf | Should -BeFalse
    }

    It 'goes on with the next dump after one that fails' {
        Set-Content empty.bin '' -NoNewline
        $done = Convert-MemoryDump empty.bin, small.bin -Format Lime -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'DumpEmpty*'
        $done.Path | Should -Be "$folder/small.lime"
    }
}
