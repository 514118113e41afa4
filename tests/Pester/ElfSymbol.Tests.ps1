BeforeAll {
    . $PSScriptRoot/Common.ps1
}

Describe 'Get-ElfSymbol' -Skip:(-not $IsLinux) {
    BeforeAll {
        $library = @(Get-ChildItem $PSHOME -Filter *.so)[0]
    }

    It 'lists the symbols readelf lists' -Skip:(-not (Get-Command readelf -ErrorAction Ignore)) {
        $symbols = Get-ElfSymbol $library -WarningVariable warnings
        $theirs = readelf -sW $library.FullName | Where-Object { $_ -match '^\s*\d+: [0-9a-f]{16} ' }
        $symbols.Count | Should -Be $theirs.Count
        $warnings | Should -BeNullOrEmpty
    }

    It 'filters by name, type, binding, table and definition' {
        $all = Get-ElfSymbol $library
        Get-ElfSymbol $library -Name '_*' | ForEach-Object Name | Should -BeLike '_*'
        Get-ElfSymbol $library -Name '_NO_SUCH*' | Should -BeNullOrEmpty
        (Get-ElfSymbol $library -Type func).Count | Should -Be @($all | Where-Object TypeName -EQ STT_FUNC).Count
        (Get-ElfSymbol $library -Binding STB_GLOBAL, weak).Count | Should -Be @($all | Where-Object BindingName -In STB_GLOBAL, STB_WEAK).Count
        (Get-ElfSymbol $library -Table .dynsym).Table | Select-Object -Unique | Should -Be .dynsym
        (Get-ElfSymbol $library -Undefined).IsDefined | Select-Object -Unique | Should -Be $false
        (Get-ElfSymbol $library -Defined).Count + (Get-ElfSymbol $library -Undefined).Count | Should -Be $all.Count
    }

    It 'knows the versions of what a library needs' {
        $needed = Get-ElfSymbol $library -Undefined -Table .dynsym | Where-Object VersionFile | Select-Object -First 1
        $needed.Version | Should -BeLike 'GLIBC*'
        $needed.FullName | Should -Be "$($needed.Name)@$($needed.Version)"
        $needed.IsDefaultVersion | Should -BeFalse
    }

    It 'finds the symbol that an address is in' {
        $function = Get-ElfSymbol $library -Table .dynsym -Type Func -Defined | Where-Object Size -GT 8 | Select-Object -First 1
        $found = Get-ElfSymbol $library -Address ($function.Address + 5)
        $found.Address | Should -Be $function.Address
        $found.MatchOffset | Should -Be 5
        Get-ElfSymbol $library -Address 0 | Should -BeNullOrEmpty
    }

    It 'takes many addresses, and files from the pipeline' {
        $functions = Get-ElfSymbol $library -Table .dynsym -Type Func -Defined | Where-Object Size -GT 8 | Select-Object -First 10
        $addresses = $functions | ForEach-Object Address

        # Not (...).Address: arrays have a member of this name themselves.
        $library | Get-ElfSymbol -Address $addresses | ForEach-Object Address | Should -Be $addresses
        ($library.FullName | Get-ElfSymbol -Type Func).Count | Should -Be (Get-ElfSymbol $library -Type Func).Count
    }

    It 'takes addresses from the pipeline where the file is named' {
        $functions = Get-ElfSymbol $library -Table .dynsym -Type Func -Defined | Where-Object Size -GT 8 | Select-Object -First 10
        $addresses = $functions | ForEach-Object Address
        $addresses | Get-ElfSymbol $library | ForEach-Object Address | Should -Be $addresses
        $addresses | Get-ElfSymbol -LiteralPath $library.FullName | ForEach-Object Address | Should -Be $addresses
        $addresses | Get-ElfSymbol -InputObject (Get-ElfHeader $library) | ForEach-Object Address | Should -Be $addresses
        '0x{0:x}' -f $addresses[0] | Get-ElfSymbol $library | ForEach-Object MatchOffset | Should -Be 0
        @() | Get-ElfSymbol $library | Should -BeNullOrEmpty
        { 'nonsense' | Get-ElfSymbol $library -ErrorAction Stop } | Should -Throw

        # A file's name can look like a number.
        Copy-Item $library.FullName (Join-Path $TestDrive 12)
        Push-Location $TestDrive
        try {
            ('12' | Get-ElfSymbol -Type Func).Count | Should -Be (Get-ElfSymbol $library -Type Func).Count
        }
        finally {
            Pop-Location
        }
    }

    It 'narrows to a section, and to a table' {
        $text = Get-ElfSection $library -Name .text
        $in = $text | Get-ElfSymbol
        $in | Should -Not -BeNullOrEmpty
        $in.SectionName | Select-Object -Unique | Should -Be .text
        (Get-ElfSection $library -Name .dynsym | Get-ElfSymbol).Count | Should -Be (Get-ElfSymbol $library -Table .dynsym).Count
    }

    It 'says that a file isn''t ELF' {
        Get-ElfSymbol $PSCommandPath -ErrorVariable errors -ErrorAction SilentlyContinue | Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -BeLike 'NotElf,*'
    }
}

Describe 'Get-ElfDynamic' -Skip:(-not $IsLinux) {
    It 'lists what readelf lists of <_>' -Skip:(-not (Get-Command readelf -ErrorAction Ignore)) -ForEach '/bin/sh', '/bin/cat' {
        $entries = Get-ElfDynamic $_ -WarningVariable warnings
        $theirs = readelf -dW $_ | Where-Object { $_ -match '^ 0x' }
        $entries.Count | Should -Be $theirs.Count
        $entries[-1].TagName | Should -Be DT_NULL
        $warnings | Should -BeNullOrEmpty
    }

    It 'filters by tag, and names libraries' {
        $needed = Get-ElfDynamic /bin/sh -Tag needed
        $needed.TagName | Select-Object -Unique | Should -Be DT_NEEDED
        $needed.Name | Should -Contain libc.so.6
        $needed[0].Text | Should -Be "Shared library: [$($needed[0].Name)]"
        (Get-ElfDynamic /bin/sh -Tag 1).Count | Should -Be $needed.Count
    }
}

Describe 'Get-ElfHashTable' -Skip:(-not $IsLinux) {
    It 'finds every symbol of PowerShell''s libraries' {
        $tables = Get-ElfHashTable "$PSHOME/*.so" -WarningVariable warnings
        $tables | Should -Not -BeNullOrEmpty
        $tables.IsSound | Select-Object -Unique | Should -Be $true
        $tables | ForEach-Object { $_.FoundCount | Should -Be $_.CheckedCount }
        $warnings | Should -BeNullOrEmpty
    }

    It 'looks a name up' {
        $table = Get-ElfHashTable /bin/sh | Select-Object -First 1
        $name = (Get-ElfSymbol /bin/sh -Table .dynsym -Defined -Binding GLOBAL, WEAK | Select-Object -First 1).Name
        $table.Find($name).Name | Should -Be $name
        $table.Find('NoSuchName') | Should -BeNullOrEmpty
        ($table.Histogram | Measure-Object Count -Sum).Sum | Should -Be $table.BucketCount
    }
}
