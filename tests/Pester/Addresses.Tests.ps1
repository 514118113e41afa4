# Every way of typing an address that PowerShell makes something else of, for every parameter that takes one.

BeforeDiscovery {
    $high, $middle, $top32 = '0xffff888000000000', '0x80000000', '0xffffffff'
    $ways = @(
        @{ Way = 'a hexadecimal literal with its sign bit set'; Text = $high; Value = $high }
        @{ Way = 'the same in capitals'; Text = '0XFFFF888000000000'; Value = $high }
        @{ Way = 'the suffix ul'; Text = '0xffff888000000000ul'; Value = $high }
        @{ Way = 'a negative Int64 in a variable'; Text = '$int64'; Value = $high }
        @{ Way = 'a negative Int64 that came through a pipeline'; Text = '(0xffff888000000000 | ForEach-Object { $_ })'; Value = $high }
        @{ Way = 'a UInt64 in a variable'; Text = '$uint64'; Value = $high }
        @{ Way = 'a decimal literal beyond Int64'; Text = '18446612682070032384'; Value = $high }
        @{ Way = 'such a Decimal in a variable'; Text = '$decimal'; Value = $high }
        @{ Way = 'a hexadecimal string'; Text = "'0xffff888000000000'"; Value = $high }
        @{ Way = 'a decimal string'; Text = "'18446612682070032384'"; Value = $high }
        @{ Way = 'underscores in a string'; Text = "'0xffff8880_00000000'"; Value = $high }
        @{ Way = 'underscores in a bare word'; Text = '0xffff8880_00000000'; Value = $high }
        @{ Way = 'a grave accent, as WinDbg prints it'; Text = "'0xffff8880``00000000'"; Value = $high }
        @{ Way = 'an Int32 literal with its sign bit set'; Text = $middle; Value = $middle }
        @{ Way = 'a negative Int32 in a variable'; Text = '$int32'; Value = $middle }
        @{ Way = 'the suffix u'; Text = '0x80000000u'; Value = $middle }
        @{ Way = '2gb'; Text = '2gb'; Value = $middle }
        @{ Way = 'all ones of an Int32'; Text = $top32; Value = $top32 }
        @{ Way = 'an Int64 literal by a leading zero'; Text = '0x0ffffffff'; Value = $top32 }
        @{ Way = 'a number within Int64'; Text = '4294967295'; Value = $top32 }
        @{ Way = '4kb'; Text = '4kb'; Value = '0x1000' }
        @{ Way = '2mb'; Text = '2mb'; Value = '0x200000' }
        @{ Way = '4GB'; Text = '4GB'; Value = '0x100000000' }
        @{ Way = 'a whole Double'; Text = '4096.0'; Value = '0x1000' }
        @{ Way = 'blanks around a string'; Text = "' 0x1000 '"; Value = '0x1000' })
    $refused = @(
        @{ Text = '-1' }, @{ Text = '-0x10' }, @{ Text = "'-1'" }, @{ Text = "'-0x1000'" }, @{ Text = "'-131391639519232'" }
        @{ Text = "'abc'" }, @{ Text = "'12zz'" }, @{ Text = "'0x'" }, @{ Text = "'ffff888000000000'" }, @{ Text = "'0x1_0000_0000_0000_0000'" }
        @{ Text = '18446744073709551616' }, @{ Text = '1.5' }, @{ Text = "'1e3'" }, @{ Text = '1e300' }, @{ Text = '$true' }
        @{ Text = '(Get-Date)' }, @{ Text = '@{}' }, @{ Text = '-2.0' })
}

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $int64 = 0xffff888000000000
    $uint64 = 0xffff888000000000ul
    $decimal = 18446612682070032384
    $int32 = 0x80000000
    $empty = New-RawDump "$TestDrive/empty.bin" 4kb
    $pages = foreach ($page in 0x0ul, 0x1000ul, 0x1ff000ul, 0x200000ul, 0x7ffff000ul, 0x80000000ul, 0xffffe000ul, 0xfffff000ul,
        0x100000000ul, 0xffff887ffffff000ul, 0xffff888000000000ul, 0xffff888000001000ul) {
        @{ Virtual = $page; Physical = 0 }
    }
    $dump = New-RawDump "$TestDrive/pages.bin" 256kb (New-PageTable $pages)
    function Get-Start([string]$Arguments) {
        & ([scriptblock]::Create("Get-PageTableMapping '$dump' -Root 0x1000 -Mode ia32e -PerPage $Arguments")) |
            ForEach-Object VirtualAddress
    }
}

Describe 'An address typed as <Way>: <Text>' -ForEach $ways {
    BeforeAll {
        $number = [ulong]$Value
        $page = $number -band 0xfffffffffffff000ul
    }

    It 'is right as -MinimumAddress' {
        (Get-Start "-MinimumAddress $Text")[0] | Should -Be $page
    }

    It 'is right as -MaximumAddress' {
        (Get-Start "-MaximumAddress $Text")[-1] | Should -Be $page
    }

    It 'is right as -Root' {
        $failure = Get-ErrorOf ([scriptblock]::Create("Get-PageTableMapping '$empty' -Mode ia32e -RamBase 0x7000000000000 -Root $Text"))
        $failure.FullyQualifiedErrorId | Should -Be "RootNotInDump,$commands.GetPageTableMappingCommand"
        $failure.Exception.Message | Should -Match ('^The top table at physical 0x{0:x} ' -f ($number -band 0xffffffffff000ul))
    }

    It 'is right as -RamBase' {
        $failure = Get-ErrorOf ([scriptblock]::Create("Get-PageTableMapping '$empty' -Mode ia32e -RamBase $Text -Root 0x7000000000000"))
        $failure.FullyQualifiedErrorId | Should -Be "RootNotInDump,$commands.GetPageTableMappingCommand"
        $failure.Exception.Message | Should -Match ('\(0x{0:x}-0x{1:x}\)' -f $number, ($number + 4095))
    }
}

Describe 'Text that is no address: <Text>' -ForEach $refused {
    It 'is refused by -<_>' -ForEach 'Root', 'RamBase', 'MinimumAddress', 'MaximumAddress' {
        foreach ($command in "Get-PageTableMapping '$dump' -$_ $Text", "Export-ElfCore '$TestDrive/x.elf' -Dump '$dump' -$_ $Text") {
            $failure = Get-ErrorOf ([scriptblock]::Create($command))
            $failure.FullyQualifiedErrorId | Should -Match "^ParameterArgumentTransformationError,$commands\."
            $failure.Exception.Message | Should -Match "isn't an address or size"
        }
    }
}

Describe 'Addresses elsewhere' {
    It 'are right in Export-ElfCore as well' {
        Export-ElfCore "$TestDrive/range.elf" -Dump $dump -Root 0x1000 -Mode ia32e -MinimumAddress 0x80000000 -MaximumAddress 0xffff888000000000
        $loads = Read-ElfLoad "$TestDrive/range.elf"
        $loads[0].Start | Should -Be 0x80000000ul
        $loads[-1].Start | Should -Be 0xffff888000000000ul
        $loads[-1].Size | Should -Be 0x1000
    }

    It 'are taken whole where a register is: -Root masks what isn''t address' {
        (Get-PageTableMapping $dump -Root 0x8000000000001fff -Mode ia32e -MaximumCount 1).Root | Should -Be 0x1000
    }

    It 'find a root in an image with a base above 2 GiB' {
        $words = New-PageTable @(@{ Virtual = 0x1000; Physical = 0x80000000ul }) -Root 0x80001000ul -Base 0x80000000ul
        $high = New-RawDump "$TestDrive/high.bin" 64kb $words
        $mapping = Get-PageTableMapping $high -Root 0x80001000 -Mode ia32e -RamBase 0x80000000
        $mapping.PhysicalAddress | Should -Be 0x80000000ul
        $mapping.Root | Should -Be 0x80001000ul
    }

    It 'come out as numbers that compare and calculate' {
        $mappings = Get-PageTableMapping $dump -Root 0x1000 -Mode ia32e
        $mappings | Where-Object VirtualAddress -GE 0xffff888000000000ul | Should -HaveCount 2
        $mappings[-1].VirtualAddress | Should -BeOfType [ulong]
    }
}
