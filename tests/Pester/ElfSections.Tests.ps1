BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Sections and segments of a library of PowerShell''s' -Skip:(-not $IsLinux) {
    BeforeAll {
        $library = (Get-Item "$PSHOME/libpsl-native.so").FullName
    }

    It 'lists sections' {
        $sections = Get-ElfSection $library -WarningVariable warnings
        $sections.Count | Should -Be (Get-ElfHeader $library).SectionHeaderCount
        $sections[0].TypeName | Should -Be 'SHT_NULL'
        $sections[0].VirtualAddress | Should -BeNullOrEmpty
        $text = $sections | Where-Object Name -EQ .text
        $text.FlagLetters | Should -Be 'AX'
        $text.Rights | Should -Be 'r-x'
        $text.Path | Should -Be $library
        ($sections | Where-Object Name -EQ .dynsym).LinkName | Should -Be '.dynstr'
        $sections | Where-Object { $null -ne $_.Content -or $null -ne $_.Entropy } | Should -BeNullOrEmpty
        $warnings | Should -BeNullOrEmpty
    }

    It 'filters sections by <Name>' -ForEach @(
        @{ Name = 'name'; Filter = @{ Name = '.dyn*' }; Expected = '.dynamic', '.dynstr', '.dynsym' }
        @{ Name = 'type'; Filter = @{ Type = 'dynsym' }; Expected = '.dynsym' }
        @{ Name = 'type in full'; Filter = @{ Type = 'SHT_DYNSYM' }; Expected = '.dynsym' }
        @{ Name = 'number of type'; Filter = @{ Type = 11 }; Expected = '.dynsym' }) {
        Get-ElfSection $library @Filter | ForEach-Object Name | Sort-Object | Should -Be $Expected
    }

    It 'finds the section and the segment of an address' {
        $text = Get-ElfSection $library -Name .text
        (Get-ElfSection $library -Address ($text.VirtualAddress + 1)).Name | Should -Be '.text'
        $segment = Get-ElfSegment $library -Type Load -Address $text.VirtualAddress
        $segment.SectionNames | Should -Contain '.text'
        $segment.Rights | Should -Be 'r-x'
        $segment.TypeName | Should -Be 'PT_LOAD'
    }

    It 'reads contents' {
        $section = Get-ElfSection $library -Name .text -Content -Entropy
        $section.Content.Length | Should -Be $section.Size
        $section.Content[0..15] | Should -Be ([IO.File]::ReadAllBytes($library)[$section.Offset..($section.Offset + 15)])
        $section.Entropy | Should -BeGreaterThan 3
        ($section.Content | Format-Hex)[0].Bytes.Length | Should -Be 16
        $section.Content | Set-Content "$TestDrive/text.bin" -AsByteStream
        (Get-Item "$TestDrive/text.bin").Length | Should -Be $section.Size
    }

    It 'fuses segments' {
        $runs = Get-ElfSegment $library -Type Load | Compress-Interval
        $runs.Count | Should -BeGreaterThan 0
    }

    It 'lets what it emits lead back to the file' {
        (Get-ElfSection $library -Name .text | Get-ElfHeader).Path | Should -Be $library
        (Get-ElfHeader $library | Get-ElfSection -Name .text).Name | Should -Be '.text'
    }

    It 'lists texts' {
        $texts = Get-ElfString $library -Section .shstrtab
        $texts.Text | Should -Contain '.text'
        (Get-ElfString $library -Section .rodata).Text | ForEach-Object Length | Measure-Object -Minimum | ForEach-Object Minimum | Should -BeGreaterOrEqual 4
    }

    It 'finds nothing wrong' {
        Test-ElfFile $library | Should -BeNullOrEmpty
        Test-ElfFile $library -Quiet | Should -BeTrue
    }

    It 'completes types' {
        (TabExpansion2 'Get-ElfSegment x -Type GNU_S').CompletionMatches.CompletionText | Should -Contain 'GNU_STACK'
        (TabExpansion2 'Get-ElfSection x -Type SHT_DYN').CompletionMatches.CompletionText | Should -Be 'SHT_DYNAMIC', 'SHT_DYNSYM'
    }

    It 'shows a table' {
        $text = Get-ElfSection $library | Out-String -Width 140
        $text | Should -Match '\.text +SHT_PROGBITS'
        Get-ElfSegment $library | Out-String -Width 140 | Should -Match 'PT_LOAD'
    }
}

Describe 'Test-ElfFile on a damaged file' {
    It 'emits what is wrong, and warns of nothing' {
        $path = "$TestDrive/bad.elf"
        [IO.File]::WriteAllBytes($path, (New-ElfHeader -SegmentOffset 0x10000 -SegmentCount 3))
        $findings = Test-ElfFile $path -WarningVariable warnings
        $findings.Id | Should -Contain 'HeaderContradiction'
        $findings[0].Path | Should -Be $path
        $warnings | Should -BeNullOrEmpty
        Test-ElfFile $path -Quiet | Should -BeFalse
    }
}

Describe 'Archives' {
    BeforeAll {
        $elf = New-ElfHeader -Type 1
        $stream = [IO.MemoryStream]::new()
        $stream.Write([Text.Encoding]::ASCII.GetBytes("!<arch>`n"))
        foreach ($name in 'a.o/', 'b.o/') {
            $stream.Write([Text.Encoding]::ASCII.GetBytes(('{0,-16}{1,-12}{1,-6}{1,-6}{2,-8}{3,-10}' -f $name, 0, 644, $elf.Length) + "```n"))
            $stream.Write($elf)
        }

        $archive = "$TestDrive/lib.a"
        [IO.File]::WriteAllBytes($archive, $stream.ToArray())
    }

    It 'are read member by member' {
        $headers = Get-ElfHeader $archive -WarningAction Ignore
        $headers.Path | Should -Be "$archive(a.o)", "$archive(b.o)"
        ($headers[1] | Get-ElfHeader -WarningAction Ignore).Path | Should -Be "$archive(b.o)"
    }

    It 'that are cut off give an error behind what was read' {
        $short = "$TestDrive/short.a"
        [IO.File]::WriteAllBytes($short, [IO.File]::ReadAllBytes($archive)[0..180])
        $headers = Get-ElfHeader $short -ErrorVariable failures -ErrorAction SilentlyContinue -WarningAction Ignore
        $headers.Path | Should -Be "$short(a.o)"
        $failures.FullyQualifiedErrorId | Should -BeLike 'ArchiveInvalid*'
    }
}
