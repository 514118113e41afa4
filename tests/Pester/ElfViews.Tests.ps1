# How what ELF files hold is shown, on terminals of 80 and of 120 columns.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    function Get-Line([object[]]$Items, [int]$Width) {
        ($Items | Out-String -Width $Width) -split '\r?\n' | Where-Object { $_ -and $_ -notmatch '^\s+(Path|Section): ' }
    }

    function Get-List([object]$Item) { $Item | Format-List | Out-String -Width 200 }
}

Describe 'Views of ELF files' -Skip:(-not $IsLinux) {
    BeforeAll { $library = (Get-Item "$PSHOME/libpsl-native.so").FullName }

    It 'shows <Name> in 80 and 120 columns' -ForEach @(
        @{ Name = 'segments'; Get = { Get-ElfSegment $library }
            Narrow = 'Index TypeName VirtualAddress MemorySize Rights Offset'; Wide = 'PhysicalAddress FileSize' }
        @{ Name = 'sections'; Get = { Get-ElfSection $library }
            Narrow = 'Index Name TypeName Address Size Rights'; Wide = 'Offset FlagLetters Entropy Link' }
        @{ Name = 'symbols'; Get = { Get-ElfSymbol $library }
            Narrow = 'Address Size TypeName FullName'; Wide = 'BindingName SectionName Index' }
        @{ Name = 'relocations'; Get = { Get-ElfRelocation $library }; Narrow = 'Offset TypeName SymbolName + Addend'; Wide = '' }
        @{ Name = 'the dynamic section'; Get = { Get-ElfDynamic $library }; Narrow = 'Index TagName Value Text'; Wide = '' }
        @{ Name = 'hash tables'; Get = { Get-ElfHashTable $library }
            Narrow = 'KindName Offset BucketCount SymbolCount LongestChain BloomFill IsSound'; Wide = 'FoundCount CheckedCount SectionName' }
        @{ Name = 'notes'; Get = { Get-ElfNote $library }; Narrow = 'Owner TypeName Text'; Wide = '' }
        @{ Name = 'texts'; Get = { Get-ElfString $library }; Narrow = 'Section Offset VirtualAddress Text'; Wide = '' }) {
        $items = @(& $Get)
        $items | Should -Not -BeNullOrEmpty
        # One line of headings, whole, and one for each item.
        foreach ($width in 80, 120) {
            $lines = @(Get-Line $items $width)
            ($lines[0].Trim() -replace '\s+', ' ') | Should -Be $(if ($width -eq 80) { $Narrow } else { "$Narrow $Wide".Trim() })
            $lines[1] | Should -Match '^[- ]+$'
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
        }

        # What stands under the headings are properties that are there.
        $properties = $items[0].psobject.Properties.Name
        "$Narrow $Wide".Trim() -split ' ' | Where-Object { $_ -ne '+' } | ForEach-Object { $properties | Should -Contain $_ }
    }

    It 'shows kernels'' addresses and the offsets of large files whole' {
        $segment = Get-ElfSegment (Get-SampleDump) -Type LOAD | Select-Object -First 1
        Get-Line $segment 120 | Select-Object -Last 1 | Should -Not -Match '…'
        $finding = [ElfMmu.Elf.ElfDiagnostic]::new('SomethingWrong', 'Something is wrong.')
        [ElfMmu.Elf.ElfDiagnostic].GetProperty('Offset').SetValue($finding, [Nullable[ulong]]0xe70000000318)
        [ElfMmu.Elf.ElfDiagnostic].GetProperty('Section').SetValue($finding, [Nullable[int]]7)
        $finding | Out-String -Width 80 | Should -Match ' 0xe70000000318 Something is wrong\.'
        Get-List $finding | Should -Match '(?s)Offset +: 0xe70000000318.*Section +: 7'
    }

    It 'lists <Name> with addresses in hexadecimal' -ForEach @(
        @{ Name = 'a symbol'; Get = { Get-ElfSymbol $library -Defined -Type FUNC }; Rows = 'Value', 'Address', 'EndAddress' }
        @{ Name = 'a relocation'; Get = { Get-ElfRelocation $library }; Rows = 'Offset', 'Address', 'Info' }
        @{ Name = 'an entry of the dynamic section'; Get = { Get-ElfDynamic $library }; Rows = 'Tag', 'Value' }
        @{ Name = 'a hash table'; Get = { Get-ElfHashTable $library }; Rows = @('Offset') }
        @{ Name = 'a note'; Get = { Get-ElfNote $library }; Rows = @('Offset') }
        @{ Name = 'a text'; Get = { Get-ElfString $library -Section .dynstr }; Rows = 'Offset', 'FileOffset', 'VirtualAddress' }) {
        $text = Get-List (& $Get | Select-Object -First 1)
        $Rows | ForEach-Object { $text | Should -Match "(?m)^$_ +: 0x[0-9a-f]+\r?$" }
        $text | Should -Match '(?m)^Path +: '
    }

    It 'lists how long a hash table''s chains are' {
        Get-List (Get-ElfHashTable $library | Select-Object -First 1) | Should -Match '(?m)^Histogram +: \d+:\d+( \d+:\d+)*'
    }

    It 'lists what a note says' {
        $text = Get-List (Get-ElfNote $library -Type GNU_BUILD_ID)
        $text | Should -Match '(?m)^TypeName +: NT_GNU_BUILD_ID \(0x3\)'
        $text | Should -Match '(?m)^Text +: [0-9a-f]{8,}'
        $text | Should -Not -Match 'System\.Collections'
    }

    It 'names the rows of a header by its properties' {
        $text = Get-List (Get-ElfHeader $library)
        $text | Should -Match '(?m)^TypeName +: ET_DYN'
        $text | Should -Match '(?m)^MachineName +: EM_'
    }
}
