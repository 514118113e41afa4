BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Get-ElfHeader -Detailed' -Skip:(-not $IsLinux) {
    BeforeAll {
        $library = (Get-Item "$PSHOME/libpsl-native.so").FullName
    }

    It 'says what a library is' {
        $details = Get-ElfHeader $library -Detailed -WarningVariable warnings
        $details | Should -BeOfType ElfMmu.Elf.Details.ElfDetails
        $details.Path | Should -Be $library
        $details.Kind | Should -Be 'SharedLibrary'
        $details.KindDescription | Should -Be 'shared library'
        $details.IsDynamic | Should -BeTrue
        $details.Header.EntryPoint | Should -Be (Get-ElfHeader $library).EntryPoint
        $details.Needed | Should -Be (Get-ElfDynamic $library -Tag NEEDED).Name
        $details.SharedObjectName | Should -Be (Get-ElfDynamic $library -Tag SONAME).Name
        $details.BuildId | Should -Be ((Get-ElfNote $library -Type NT_GNU_BUILD_ID).Value)
        $details.HasSymbolTable | Should -Be ([bool](Get-ElfSection $library -Type SYMTAB))
        $warnings | Should -BeNullOrEmpty
    }

    It 'leads on to the other cmdlets' {
        (Get-ElfHeader $library -Detailed | Get-ElfSegment -Type LOAD).Count | Should -Be (Get-ElfSegment $library -Type LOAD).Count
    }

    It 'is a view' {
        $text = Get-ElfHeader $library -Detailed | Out-String -Width 200
        $text | Should -Match 'KindDescription\s+: shared library\n'
        $text | Should -Match 'Needed\s+: .*libc\.so'
    }

    It 'calls a core a core' {
        $core = Get-ElfHeader (Get-SampleDump) -Detailed -WarningAction Ignore
        $core.Kind | Should -Be 'Core'
        $core.IsStripped | Should -BeNullOrEmpty
    }
}

Describe 'Get-ElfHeader on a class and a byte order that don''t exist' {
    It 'reads byte <Offset> as readelf does' -ForEach @(
        @{ Offset = 4; Value = 9; Property = 'Class'; Expected = 'Elf32' }
        @{ Offset = 5; Value = 0; Property = 'Data'; Expected = 'LittleEndian' }) {
        $bytes = New-ElfHeader
        $bytes[$Offset] = $Value
        [IO.File]::WriteAllBytes("$TestDrive/odd.elf", $bytes)
        $header = Get-ElfHeader "$TestDrive/odd.elf" -WarningVariable warnings -WarningAction SilentlyContinue
        $header.$Property | Should -Be $Expected
        $header."${Property}Field" | Should -Be $Value
        $warnings[0].Message | Should -Match "offset $Offset is $Value,"
    }
}
