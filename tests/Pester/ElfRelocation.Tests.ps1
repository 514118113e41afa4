BeforeAll {
    . $PSScriptRoot/Common.ps1
    $library = (Get-ChildItem $PSHOME -Filter libpsl-native.so).FullName
}

Describe 'Get-ElfRelocation' -Skip:(-not $IsLinux) {
    It 'lists relocations with names of types and symbols' {
        $all = Get-ElfRelocation $library
        $all[0] | Should -BeOfType ElfMmu.Elf.Relocations.ElfRelocation
        $all[0].Offset | Should -BeOfType [ulong]
        $all.TypeName | ForEach-Object { $_ | Should -Match '^R_' }
        $all.SymbolName -match '@' | Should -Not -BeNullOrEmpty
        $all.Path | Select-Object -Unique | Should -Be $library
    }

    It 'lists as many as readelf' -Skip:(-not (Get-Command readelf -ErrorAction Ignore)) {
        $lines = @(readelf -rW $library | Where-Object { $_ -match '^[0-9a-f]{8,16}( |$)' })
        @(Get-ElfRelocation $library) | Should -HaveCount $lines.Count
    }

    It 'chooses by section, type, symbol and place' {
        $all = Get-ElfRelocation $library
        $slots = Get-ElfRelocation $library -Type *_jump_slot
        $slots.Count | Should -Be @($all | Where-Object TypeName -Like *_JUMP_SLOT).Count
        $section = $all[-1].Section
        Get-ElfRelocation $library -Section $section | ForEach-Object Section | Select-Object -Unique | Should -Be $section
        $named = $all | Where-Object SymbolName | Select-Object -First 1
        @(Get-ElfRelocation $library -Symbol $named.SymbolName).Count | Should -BeGreaterThan 0
        Get-ElfRelocation $library -Symbol $named.Symbol.Name | ForEach-Object { $_.Symbol.Name } | Select-Object -Unique | Should -Be $named.Symbol.Name
        Get-ElfRelocation $library -Address $named.Address | ForEach-Object Index | Should -Contain $named.Index
        Get-ElfRelocation $library -Offset "0x$($named.Offset.ToString('x'))+8" -Type $named.Type | ForEach-Object Offset | Select-Object -First 1 | Should -Be $named.Offset
        @(Get-ElfRelocation $library -Type $named.TypeName.Substring(2).ToLowerInvariant()).Count | Should -BeGreaterThan 0
        Get-ElfRelocation $library -Type NO_SUCH* | Should -BeNullOrEmpty
    }

    It 'shows place, type, addend and symbol' {
        $text = Get-ElfRelocation $library -Type *_JUMP_SLOT, *_GLOB_DAT | Select-Object -First 3 | Out-String -Width 120
        $text | Should -Match 'Offset\s+TypeName\s+SymbolName \+ Addend'
        $text | Should -Match '0x[0-9a-f]{16} R_\w+'
    }
}
