# Export-ElfSymbol: what comes through the pipeline, what is named, and what GDB makes of it beside a core.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $core = "$TestDrive/small.core"
    New-SmallDump "$TestDrive/small.bin" | Export-ElfCore $core -Root 0x1000 -Mode ia32e
    $out = "$TestDrive/out.sym"

    function Get-Name([string]$Path) {
        (Get-Content -Raw -Encoding latin1 -LiteralPath $Path) -split "`0"
    }
}

Describe 'Export-ElfSymbol' {
    It 'takes objects, hashtables, rows of Import-Csv and lines of text together' {
        Set-Content "$TestDrive/names.csv" 'Name,Address', 'from_csv,0x400010'
        Set-Content "$TestDrive/System.map" '0000000000400020 T from_map'
        $summary = & {
            [pscustomobject]@{ Name = 'object'; VirtualAddress = 0x400030ul; Size = 4 }
            @{ Name = 'table'; Value = 0xffff888000000000 }
            Import-Csv "$TestDrive/names.csv"
            '0000000000400040 0000000000000008 T from_text'
            Get-Item "$TestDrive/System.map"
        } | Export-ElfSymbol $out -Core $core -PassThru -WarningVariable warnings
        $summary | Should -BeOfType ElfMmu.Companions.CompanionSummary
        $summary.Symbols | Should -Be 5
        $summary.Machine | Should -Be 'EM_X86_64'
        $warnings | Should -BeNullOrEmpty
        'object', 'table', 'from_csv', 'from_text', 'from_map' | ForEach-Object { Get-Name $out | Should -Contain $_ }
        $header = $summary | Get-ElfHeader
        $header.TypeName, $header.MachineName | Should -Be 'ET_EXEC', 'EM_X86_64'
    }

    It 'emits nothing without -PassThru, and writes nothing with -WhatIf' {
        @{ Name = 'a'; Address = 1 } | Export-ElfSymbol $out -Machine X86_64 | Should -BeNullOrEmpty
        @{ Name = 'a'; Address = 1 } | Export-ElfSymbol "$TestDrive/whatif.sym" -Machine X86_64 -WhatIf
        "$TestDrive/whatif.sym" | Should -Not -Exist
    }

    It 'takes the machine from the ELF files whose symbols are piped in' {
        $library = (Get-ChildItem $PSHOME -Filter libpsl-native.so).FullName
        $summary = Get-ElfSymbol $library -Defined | Export-ElfSymbol $out -PassThru
        $summary.Machine | Should -Be (Get-ElfHeader $library).MachineName
    }

    It 'writes nothing where a list it was told to read is missing' {
        Set-Content "$TestDrive/one.map" '0000000000400020 T one'
        $errors = $null
        Export-ElfSymbol "$TestDrive/half.sym" "$TestDrive/one.map", "$TestDrive/none.map" -Machine X86_64 -ErrorAction SilentlyContinue -ErrorVariable errors
        $errors.FullyQualifiedErrorId | Should -Be 'FileNotFound,ElfMmu.PowerShell.Commands.ExportElfSymbolCommand'
        "$TestDrive/half.sym" | Should -Not -Exist
    }

    It 'expands -SymbolPath and not -LiteralSymbolPath' {
        Set-Content "$TestDrive/one.map" '00001000 T one'
        Set-Content "$TestDrive/two.map" '00002000 T two'
        Set-Content -LiteralPath "$TestDrive/[x].map" '00003000 T three'
        (Export-ElfSymbol $out "$TestDrive/*o*.map" -Machine Arm -PassThru).Symbols | Should -Be 2
        (Export-ElfSymbol $out -LiteralSymbolPath "$TestDrive/[x].map" -Machine Arm -PassThru).Symbols | Should -Be 1
    }

    It 'warns once of bad lines, with the first and the count' {
        Set-Content "$TestDrive/bad.map" '00001000 T one', 'rubbish', '00002000 T two', 'more rubbish'
        Export-ElfSymbol $out "$TestDrive/bad.map" -Machine Arm -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -HaveCount 1
        $warnings[0] | Should -BeLike "*line 2*rubbish*2 of them*"
    }

    It 'takes sections as a hashtable, as text and as objects' {
        foreach ($section in @{ '.text' = '0x1000-0x2000'; '.data' = '0x2000+0x1000' },
            ('.text=0x1000-0x2000', '.data=0x2000+0x1000:rw'),
            @([pscustomobject]@{ Name = '.text'; Address = 0x1000; Size = 0x1000 }, [pscustomobject]@{ Name = '.data'; Start = 0x2000; End = 0x3000; Rights = 'rw-' })) {
            $summary = @{ Name = 'f'; Address = 0x1000 }, @{ Name = 'd'; Address = 0x2000 } | Export-ElfSymbol $out -Machine I386 -Section $section -PassThru
            $summary.Sections | Should -Be 2
            Get-Name $out | Should -Contain '.data'
        }
    }

    It 'fails with <Id>' -ForEach @(
        @{ Id = 'TargetMissing'; Run = { @{ Name = 'a'; Address = 1 } | Export-ElfSymbol $out } }
        @{ Id = 'TargetIncomplete'; Run = { @{ Name = 'a'; Address = 1 } | Export-ElfSymbol $out -Machine Mips } }
        @{ Id = 'MachineUnknown'; Run = { @{ Name = 'a'; Address = 1 } | Export-ElfSymbol $out -Machine Toaster } }
        @{ Id = 'NothingToExport'; Run = { Export-ElfSymbol $out -Machine Arm } }
        @{ Id = 'SymbolAddressTooLarge'; Run = { @{ Name = 'a'; Address = 0x100000000 } | Export-ElfSymbol $out -Machine Arm } }
        @{ Id = 'SymbolFormatUnknown'; Run = { 'rubbish' | Export-ElfSymbol $out -Machine Arm } }
        @{ Id = 'SymbolColumnsMissing'; Run = { 'Name,Color', 'a,red' | Export-ElfSymbol $out -Machine Arm -InputFormat Csv } }
        @{ Id = 'SectionInvalid'; Run = { @{ Name = 'a'; Address = 1 } | Export-ElfSymbol $out -Machine Arm -Section 'nothing' } }
        @{ Id = 'ConstantInvalid'; Run = { @{ Name = 'a'; Address = 1 } | Export-ElfSymbol $out -Machine Arm -Dwarf 5 -Constant @{ A = 'x' } } }
        @{ Id = 'LineInvalid'; Run = { @{ Name = 'a'; Address = 1 } | Export-ElfSymbol $out -Machine Arm -Dwarf 5 -Line @{ Address = 1 } } }
        @{ Id = 'CompanionNeedsDwarf'; Run = { @{ Name = 'a'; Address = 1 } | Export-ElfSymbol $out -Machine Arm -TypeDefinition 'int x;' } }
        @{ Id = 'TypeTextInvalid'; Run = { @{ Name = 'a'; Address = 1 } | Export-ElfSymbol $out -Machine Arm -Dwarf 4 -TypeDefinition 'struct {' } }
        @{ Id = 'OutputIsInput'; Run = { @{ Name = 'a'; Address = 0x400000 } | Export-ElfSymbol $core -Core $core } }) {
        (Get-ErrorOf $Run).FullyQualifiedErrorId | Should -BeLike "$Id,*"
    }

    It 'leaves a file alone with -NoClobber, and a read-only one without -Force' {
        Set-Content "$TestDrive/kept.sym" old
        (Get-ErrorOf { @{ Name = 'a'; Address = 1 } | Export-ElfSymbol "$TestDrive/kept.sym" -Machine Arm -NoClobber }).FullyQualifiedErrorId |
            Should -BeLike 'OutputExists,*'
        (Get-Item "$TestDrive/kept.sym").IsReadOnly = $true
        (Get-ErrorOf { @{ Name = 'a'; Address = 1 } | Export-ElfSymbol "$TestDrive/kept.sym" -Machine Arm }).FullyQualifiedErrorId |
            Should -BeLike 'OutputReadOnly,*'
        Get-Content "$TestDrive/kept.sym" | Should -Be old
        @{ Name = 'a'; Address = 1 } | Export-ElfSymbol "$TestDrive/kept.sym" -Machine Arm -Force
        (Get-Item "$TestDrive/kept.sym").Length | Should -BeGreaterThan 100
    }

    It 'lets GDB print variables of the core by name and type' -Skip:(-not (Get-Command gdb-multiarch -ErrorAction Ignore)) {
        [pscustomobject]@{ Name = 'page'; Address = 0x400000ul; DataType = 'struct page' } |
            Export-ElfSymbol $out -Core $core -Dwarf 5 -Constant @{ PAGE = 4096 } -TypeDefinition 'struct page { unsigned char bytes[4]; unsigned int high; };'
        $said = gdb-multiarch -nx -batch -ex "core-file $core" -ex "symbol-file $out" -ex 'print/x page' -ex 'info symbol 0x400002' -ex 'print PAGE' 2>&1
        $said | Should -Contain '$1 = {bytes = {0x99, 0x99, 0x99, 0x99}, high = 0x99999999}'
        $said -match '^page \+ 2 in section' | Should -Not -BeNullOrEmpty
        $said | Should -Contain '$2 = 4096'
    }

    It 'takes types from JSON, in its own form and Volatility''s' -Skip:(-not (Get-Command gdb-multiarch -ErrorAction Ignore)) {
        $own = '{ "types": {
            "state": { "kind": "enum", "type": "unsigned int", "values": { "BUSY": "0x99999999" } },
            "page": { "kind": "struct", "size": 4096, "members": [
                { "name": "state", "type": "enum state" },
                { "name": "flag", "type": "unsigned short", "offset": 4, "bit_offset": 3, "bits": 2 },
                { "name": "last", "type": "unsigned short", "offset": 6 } ] } },
          "variables": { "page": { "type": "struct page", "address": "0x400000" } },
          "constants": { "PAGE": 4096 } }'
        Set-Content "$TestDrive/isf.json" '{ "metadata": { "format": "6.2.0" },
          "base_types": { "unsigned int": { "size": 4, "signed": false, "kind": "int", "endian": "little" },
            "pointer": { "size": 8, "signed": false, "kind": "int", "endian": "little" } },
          "user_types": { "list": { "kind": "struct", "size": 16, "fields": {
            "next": { "offset": 8, "type": { "kind": "pointer", "subtype": { "kind": "struct", "name": "list" } } },
            "flags": { "offset": 0, "type": { "kind": "bitfield", "bit_position": 2, "bit_length": 4,
              "type": { "kind": "base", "name": "unsigned int" } } } } } },
          "enums": {}, "symbols": { "head": { "address": 4194304, "type": { "kind": "struct", "name": "list" } } } }'
        foreach ($version in 4, 5) {
            $summary = [pscustomobject]@{ Name = 'second'; Address = 0x400010ul; DataType = 'struct list' } |
                Export-ElfSymbol $out -Core $core -Dwarf $version -TypeDefinition $own -TypePath "$TestDrive/isf.json" -PassThru
            $summary.Types | Should -BeGreaterOrEqual 3
            $summary.Variables | Should -Be 3
            $said = gdb-multiarch -nx -batch -ex "core-file $core" -ex "symbol-file $out" -ex 'print page' -ex 'print sizeof(page)' `
                -ex 'print head' -ex 'print &second.next' -ex 'print PAGE' 2>&1
            $said | Should -Contain '$1 = {state = BUSY, flag = 3, last = 39321}'
            $said | Should -Contain '$2 = 4096'
            $said | Should -Contain '$3 = {flags = 6, next = 0x0}'
            $said -match '^\$4 = \(struct list \*\*\) 0x400018' | Should -Not -BeNullOrEmpty
            $said | Should -Contain '$5 = 4096'
        }
    }
}
