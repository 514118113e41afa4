BeforeAll {
    . $PSScriptRoot/Common.ps1
    $sample = Get-SampleDump
    $small = New-SmallDump "$TestDrive/small.bin"
    $get = @{ Root = 0x1000ul; Mode = 'ia32e' }
    $resolve = "$commands.ResolveVirtualAddressCommand"
    $table = "$commands.GetPageTableCommand"
    $pages = Get-PageTableMapping $sample -PerPage -Privilege User -MaximumCount 300
}

Describe 'Resolve-VirtualAddress' {
    It 'gives every byte of a mapping its physical address' {
        $all = $pages | Resolve-VirtualAddress
        $all | Should -HaveCount $pages.Count
        for ($i = 0; $i -lt $pages.Count; $i++) {
            $all[$i].Status | Should -Be Mapped
            foreach ($name in 'VirtualAddress', 'PhysicalAddress', 'PageSize', 'SupervisorRights', 'UserRights', 'Kind', 'Level', 'Root') {
                $all[$i].$name | Should -Be $pages[$i].$name -Because $name
            }
        }

        (Resolve-VirtualAddress $sample ($pages[5].VirtualAddress + 0x123)).PhysicalAddress | Should -Be ($pages[5].PhysicalAddress + 0x123)
    }

    It 'says where the byte is in the file' {
        $at = Resolve-VirtualAddress $sample 0x100000000000
        $at.File | Should -Be $sample
        $file = [IO.File]::OpenRead($sample)
        try {
            $file.Position = $at.FileOffset
            $bytes = [byte[]]::new(8)
            $file.ReadExactly($bytes)
        }
        finally {
            $file.Dispose()
        }

        # The guest's pages hold their own addresses with a tag.
        [BitConverter]::ToString($bytes) | Should -Be '00-00-00-00-00-10-00-A5'
    }

    It 'takes addresses in every way' {
        $expected = $pages[0].PhysicalAddress
        $address = $pages[0].VirtualAddress
        Resolve-VirtualAddress $sample $address, ($address + 1) | Should -HaveCount 2
        ($address | Resolve-VirtualAddress $sample).PhysicalAddress | Should -Be $expected
        ('0x{0:x}' -f $address | Resolve-VirtualAddress -Dump $sample).PhysicalAddress | Should -Be $expected
        (Resolve-VirtualAddress -LiteralPath $sample -Address $address).PhysicalAddress | Should -Be $expected
        ([pscustomobject]@{ VirtualAddress = $address } | Resolve-VirtualAddress $sample).PhysicalAddress | Should -Be $expected
        (Resolve-VirtualAddress $sample $address | Resolve-VirtualAddress).PhysicalAddress | Should -Be $expected
        (Resolve-VirtualAddress $sample 0xffffffff81000000).VirtualAddress | Should -Be 0xffffffff81000000ul
    }

    It 'gives addresses that are not mapped as objects' {
        $all = Resolve-VirtualAddress $sample 0x10, 0x800000000000 -ErrorVariable failures
        $failures | Should -BeNullOrEmpty
        $all.Status | Should -Be NotPresent, NotTranslated
        $all.PhysicalAddress | ForEach-Object { $_ | Should -BeNullOrEmpty }
        $all[0].ToString() | Should -Be '0x10: NotPresent'
    }

    It 'shows the way through the tables with -Trace' {
        $steps = Resolve-VirtualAddress $sample $pages[0].VirtualAddress -Trace
        $steps.LevelName | Should -Be PML4E, PDPTE, PDE, PTE
        $steps.Level | Should -Be 4, 3, 2, 1
        $steps.Kind | Should -Be Table, Table, Table, Leaf
        $steps[0].Table | Should -Be $steps[0].Root
        1..3 | ForEach-Object { $steps[$_].Table | Should -Be $steps[$_ - 1].Target }
        $steps[3].Target | Should -Be $pages[0].PhysicalAddress
        $steps[3].Flags | Should -BeLike 'P * A*'
        $steps[3].UserRights | Should -Be $pages[0].UserRights
        $file = [IO.File]::OpenRead($sample)
        try {
            foreach ($step in $steps) {
                $file.Position = $step.FileOffset
                $bytes = [byte[]]::new($step.EntrySize)
                $file.ReadExactly($bytes)
                [BitConverter]::ToUInt64($bytes) | Should -Be $step.Value
            }
        }
        finally {
            $file.Dispose()
        }
    }

    It 'shows where the way ends' {
        $steps = Resolve-VirtualAddress $sample 0x10 -Trace
        $steps[-1].Kind | Should -Be Invalid
        $steps[-1].Target | Should -BeNullOrEmpty
        $null = Resolve-VirtualAddress $sample 0x800000000000 -Trace -WarningVariable warnings -WarningAction SilentlyContinue
        $warnings | Should -BeLike "0x800000000000 isn't translated by *"
    }

    It 'prints the way level by level' {
        $lines = (Resolve-VirtualAddress $sample $pages[0].VirtualAddress, 0x10 -Trace | Out-String -Width 160) -split '\r?\n'
        $lines -match '^   0x[0-9a-f]{16}: 0x904000 \(ia32e\)' | Should -HaveCount 2
        @($lines -match '^PML4E ')[0] | Should -Match '^PML4E    0x[0-9a-f]{12}  0x[0-9a-f]{16} Table    0x[0-9a-f]{12}  r.x   r.x +\d+ P '
        $lines -match '^P\S+ .* Invalid ' | ForEach-Object { $_ | Should -Not -Match '0x ' }
    }

    It 'prints addresses in hexadecimal' {
        $text = Resolve-VirtualAddress $sample $pages[0].VirtualAddress, 0x10 | Out-String -Width 160
        $text | Should -Match ('0x{0:x16} Mapped        0x{1:x12} ' -f $pages[0].VirtualAddress, $pages[0].PhysicalAddress)
        $text | Should -Match '(?m)^0x0000000000000010 NotPresent'
        $list = Resolve-VirtualAddress $sample $pages[0].VirtualAddress | Format-List | Out-String -Width 160
        $list | Should -Match ('PhysicalAddress +: 0x{0:x16}' -f $pages[0].PhysicalAddress)
    }

    It 'fails with <Id>' -ForEach @(
        @{ Id = 'RootNotInDump'; Arguments = @{ Root = 0x7ffff000ul; Mode = 'ia32e' } }
        @{ Id = 'ModeUnknown'; Arguments = @{ Root = 0x1000ul; Mode = 'none' } }
    ) {
        (Get-ErrorOf { Resolve-VirtualAddress $small 0x1000 @Arguments }).FullyQualifiedErrorId | Should -Be "$Id,$resolve"
        (Get-ErrorOf { Resolve-VirtualAddress $small 0x1000 -Trace @Arguments }).FullyQualifiedErrorId | Should -Be "$Id,$resolve"
    }
}

Describe 'Get-PageTable' {
    It 'shows the top table' {
        $entries = Get-PageTable $sample
        $entries.LevelName | Select-Object -Unique | Should -Be PML4E
        $entries.Table | Select-Object -Unique | Should -Be 0x904000
        $entries | Where-Object Value -eq 0 | Should -BeNullOrEmpty
        $all = Get-PageTable $sample -All
        $all.Index | Should -Be (0..511)
        ($all | Where-Object Value -ne 0).Index | Should -Be $entries.Index
    }

    It 'goes down by the pipeline to every page' {
        $leaves = [Collections.Generic.Dictionary[ulong, object]]::new()
        $level = Get-PageTable $sample | Where-Object { $_.Kind -eq 'Table' -and $_.Index -lt 64 }
        while ($level) {
            $below = $level | Get-PageTable
            $below | Where-Object Kind -eq Leaf | ForEach-Object { $leaves[$_.VirtualAddress] = $_ }
            $level = $below | Where-Object Kind -eq Table
        }

        $mapped = Get-PageTableMapping $sample -PerPage -IncludeAbsent -MaximumAddress 0x1fffffffffff
        $leaves.Count | Should -Be $mapped.Count
        foreach ($page in $mapped) {
            $leaf = $leaves[$page.VirtualAddress]
            "$($leaf.Target) $($leaf.PageSize) $($leaf.SupervisorRights) $($leaf.UserRights) $($leaf.Cacheability)" |
                Should -Be "$($page.PhysicalAddress) $($page.PageSize) $($page.SupervisorRights) $($page.UserRights) $($page.Cacheability)"
        }
    }

    It 'finds the table of an address' {
        $address = $pages[0].VirtualAddress
        $entries = Get-PageTable $sample $address
        ($entries | Where-Object VirtualAddress -eq $address).Target | Should -Be $pages[0].PhysicalAddress
        (Get-PageTable $sample $address -Level 3).LevelName | Select-Object -Unique | Should -Be PDPTE
        ($pages[0] | Get-PageTable).Index | Should -Be $entries.Index
        (Get-PageTable -LiteralPath $sample -Address $address).Index | Should -Be $entries.Index
    }

    It 'reads any page as a table' {
        $entries = Get-PageTable $sample -Table 0x904000 -Level 4
        $entries.Value | Should -Be (Get-PageTable $sample).Value
        $entries | Where-Object { $null -ne $_.VirtualAddress -or $null -ne $_.UserRights } | Should -BeNullOrEmpty
        $entries.Flags | Should -Be (Get-PageTable $sample).Flags
    }

    It 'prints what matters whole at <_> columns, and nothing in one letter' -ForEach 80, 120 {
        $width = $_
        foreach ($command in { Get-PageTable $sample 0xffffffff95400120 }, { Resolve-VirtualAddress $sample $pages[0].VirtualAddress, 0x5000 },
            { Resolve-VirtualAddress $sample $pages[0].VirtualAddress -Trace }, { Resolve-PhysicalAddress $sample 0x1600120 },
            { Search-VirtualMemory $sample -Text Linux -MaximumCount 3 }, { Open-MemoryDump $sample }) {
            $lines = (& $command | Out-String -Width $width) -split '\r?\n' | Where-Object { $_ }
            $rules = $lines | Where-Object { $_ -match '^[- ]+$' }
            $rules | Should -HaveCount 1 -Because "$command"
            $rules -split ' +' | Where-Object { $_ -and $_.Length -lt 3 } | Should -BeNullOrEmpty -Because "$command"
            ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $width
        }

        $text = Resolve-VirtualAddress $sample 0x5000 | Out-String -Width $width
        $text | Should -Match '(?m)^VirtualAddress +Status +PhysicalAddress .* Super User Kind'
        $text | Should -Match '(?m)^0x0000000000005000 NotPresent'
        Get-PageTable $sample 0xffffffff95400120 | Out-String -Width $width |
            Should -Match '(?m)^ +0 0xffffffff95400000 0x8000000001600161 Leaf     0x000001600000  r--   ---'
    }

    It 'prints numbers in hexadecimal' {
        $text = Get-PageTable $sample | Out-String -Width 160
        $text | Should -Match '(?m)^   PML4E table 0x904000 of 0x904000 \(ia32e\)'
        $text | Should -Match '(?m)^ +0 0x0{16} 0x[0-9a-f]{16} Table    0x[0-9a-f]{12}  r.x   r.x  P RW US'
    }

    It 'fails with <Id>' -ForEach @(
        @{ Id = 'LevelRequired'; Arguments = @{ Table = 0x1000ul } }
        @{ Id = 'TableConflict'; Arguments = @{ Table = 0x1000ul; Level = 1; Address = 0x1000ul } }
        @{ Id = 'LevelConflict'; Arguments = @{ Level = 1 } }
        @{ Id = 'LevelNotInMode'; Arguments = @{ Table = 0x1000ul; Level = 9 } }
        @{ Id = 'LevelNotInMode'; Arguments = @{ Address = 0x1000ul; Level = 9 } }
        @{ Id = 'TableNotInDump'; Arguments = @{ Table = 0x7ffff000ul; Level = 1 } }
        @{ Id = 'AddressNotTranslated'; Arguments = @{ Address = 0x800000000000ul } }
        @{ Id = 'TableNotReached'; Arguments = @{ Address = 0x7f0000000000ul; Level = 1 } }
    ) {
        (Get-ErrorOf { Get-PageTable $small @get @Arguments }).FullyQualifiedErrorId | Should -Be "$Id,$table"
    }

    It 'refuses entries that are no tables' {
        $leaf = $pages[0] | Get-PageTable | Where-Object Kind -eq Leaf | Select-Object -First 1
        (Get-ErrorOf { $leaf | Get-PageTable }).FullyQualifiedErrorId | Should -Be "EntryNotTable,$table"
    }
}
