# What Get-Elf* cmdlets make of each other's objects, of others', and of images that lie in memory as files.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $sample = Get-SampleDump
}

Describe 'An image that lies in memory as its file does' {
    BeforeAll {
        $image = Find-MappedImage $sample | Where-Object { $_.Kind -eq 'Elf' -and $_.State -eq 'File' } | Select-Object -First 1
        $symbol = $image | Get-ElfSymbol -Name clock_gettime
    }

    It 'has symbols where their bytes are' {
        $symbol.Address | Should -BeGreaterOrEqual $image.Address
        $symbol.Address | Should -BeLessThan $image.EndAddress
        $symbol.VirtualAddress | Should -Be $symbol.Address
        @($image | Get-ElfSymbol -Defined | Where-Object Size).VirtualAddress | Should -Contain $symbol.Address
        ($image | Get-ElfSymbol -Address ($symbol.Address + 1)).MatchOffset | Should -Be 1
    }

    It 'has sections where their bytes are, which can be read' {
        $section = $image | Get-ElfSection -Name .dynstr -Content
        $section.VirtualAddress | Should -Be ($image.Address + $section.Offset)
        $bytes = $section | Read-VirtualMemory $sample -Root $image.Root -Length $section.Size
        [Convert]::ToHexString($bytes) | Should -BeExactly ([Convert]::ToHexString($section.Content))
    }

    It 'says in which space it is' {
        ($image | Get-ElfHeader -WarningAction Ignore).Path | Should -Be ('{0}:{1:x}:0x{2:x}' -f $sample, $image.Root, $image.Address)
    }
}

Describe 'Objects that are piped' -Skip:(-not $IsLinux) {
    BeforeAll {
        $library = (Get-Item "$PSHOME/libpsl-native.so").FullName
        $relocations = @(Get-ElfRelocation $library).Count
    }

    It 'stand for their file, which is read once' {
        @(Get-ElfSymbol $library | Get-ElfHeader).Count | Should -Be 1
        @(Get-ElfSymbol $library -Name '*ink*' | Get-ElfRelocation).Count | Should -Be $relocations
    }

    It 'narrow to a section' {
        $parts = Get-ElfSection $library | Where-Object TypeName -Like 'SHT_REL*' | ForEach-Object { @($_ | Get-ElfRelocation).Count }
        ($parts | Measure-Object -Sum).Sum | Should -Be $relocations
        $parts.Count | Should -BeGreaterThan 1
        (Get-ElfSection $library -Name .dynstr, .text | Get-ElfSection -Entropy).Name | Sort-Object | Should -Be '.dynstr', '.text'
        (Get-ElfSection $library -Name .shstrtab | Get-ElfString).Section | Sort-Object -Unique | Should -Be '.shstrtab'
        (Get-ElfSection $library -Name .note.gnu.build-id | Get-ElfNote).Section | Should -Be '.note.gnu.build-id'
        Get-ElfSection $library -Name .text | Get-ElfNote | Should -BeNullOrEmpty
    }

    It 'narrow to a segment' {
        $segment = @(Get-ElfSegment $library -Type Load)[0]
        ($segment | Get-ElfSection).Name | Should -Be $segment.SectionNames
    }

    It 'may have a path and nothing else' {
        Get-ElfSymbol $library -Name '*ink*' | Export-Csv "$TestDrive/symbols.csv"
        @(Import-Csv "$TestDrive/symbols.csv" | Get-ElfHeader).Path | Should -Be $library
    }
}

Describe 'Filters' -Skip:(-not $IsLinux) {
    BeforeAll {
        $library = (Get-Item "$PSHOME/libpsl-native.so").FullName
    }

    It 'take names as they are shown' {
        $count = @(Get-ElfSymbol $library -Type STT_FUNC).Count
        $count | Should -BeGreaterThan 0
        foreach ($type in 'Function', 'func', 2) {
            @(Get-ElfSymbol $library -Type $type).Count | Should -Be $count
        }

        $count = @(Get-ElfRelocation $library -Type R_*_RELATIVE).Count
        $count | Should -BeGreaterThan 0
        @(Get-ElfRelocation $library -Type relative).Count | Should -Be $count
    }

    It 'compare a pattern with @ with the whole name' {
        (Get-ElfSymbol $library -Name 'calloc@GLIBC_*' -Table .dynsym).Name | Should -Be 'calloc'
        Get-ElfSymbol $library -Name '*GLIBC_*' -Table .dynsym | Should -BeNullOrEmpty
    }

    It 'say what there isn''t' {
        $null = Get-ElfSymbol $library -Address 0 -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Match '0x0 is in no symbol'
        $null = Get-ElfSection $library -Index 4000 -WarningVariable warnings -WarningAction SilentlyContinue
        "$warnings" | Should -Match 'no section 4000'
    }
}

Describe 'Messages' {
    It 'call a folder one' {
        $null = Get-ElfHeader $TestDrive -ErrorVariable failures -ErrorAction SilentlyContinue
        $failures[0].FullyQualifiedErrorId | Should -BeLike 'FileOpenFailed,*'
        "$($failures[0])" | Should -Match 'is a folder'
    }

    It 'about the header come where headers are read' {
        $null = Get-ElfSegment $sample -WarningVariable warnings
        $warnings | Should -BeNullOrEmpty
    }
}

Describe 'Images of Expand-ElfImage' -Skip:(-not $IsLinux) {
    BeforeAll {
        $library = (Get-Item "$PSHOME/libpsl-native.so").FullName
        $other = (Copy-Item $library "$TestDrive/other.so" -PassThru).FullName
        $folder = (New-Item -ItemType Directory "$TestDrive/images").FullName
        Push-Location $folder
    }

    AfterAll { Pop-Location }

    It 'come to the current location' {
        (Expand-ElfImage $library).Path | Should -Be "$folder/libpsl-native.so.bin"
    }

    It 'don''t share a file, and nothing is written' {
        foreach ($run in { Expand-ElfImage $library, $other -Destination one.bin }, { $library, $other | Expand-ElfImage -Destination one.bin }) {
            (Get-ErrorOf $run).FullyQualifiedErrorId | Should -BeLike 'OutputRepeated,*'
            Test-Path one.bin | Should -BeFalse
        }
    }

    It 'aren''t written over what is read, which -WhatIf says too' {
        Copy-Item $library copy.so
        (Get-ErrorOf { Expand-ElfImage copy.so copy.so -WhatIf }).Exception.Message | Should -Match 'is the file that is read'
    }
}
