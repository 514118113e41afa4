# Comparing what address spaces map.

BeforeAll {
    . $PSScriptRoot/Common.ps1
    $sample = Get-SampleDump
    $space = @{ Root = 0x1000ul; Mode = 'ia32e' }
    $kernel = @{ Virtual = 0xffff888000000000ul; Physical = 0xd000; Flags = 0x8000000000000003ul }
    $noExecute = 0x8000000000000000ul

    function New-Dump([string]$Name, [object[]]$Pages) {
        New-RawDump "$TestDrive/$Name" 64kb (New-PageTable ($Pages + $kernel))
    }

    $before = New-Dump before.bin @(
        @{ Virtual = 0x400000ul; Physical = 0x9000; Flags = 5 }                # stays
        @{ Virtual = 0x401000ul; Physical = 0xa000; Flags = 5 }                # goes
        @{ Virtual = 0x403000ul; Physical = 0xb000; Flags = 5 }                # moves
        @{ Virtual = 0x404000ul; Physical = 0xc000; Flags = 5 }                # becomes writable
        @{ Virtual = 0x405000ul; Physical = 0xd000; Flags = 5 }                # both
        @{ Virtual = 0x406000ul; Physical = 0x9000; Flags = 7 + $noExecute })  # becomes the kernel's
    $after = New-Dump after.bin @(
        @{ Virtual = 0x400000ul; Physical = 0x9000; Flags = 5 }
        @{ Virtual = 0x402000ul; Physical = 0xa000; Flags = 5 }                # comes
        @{ Virtual = 0x403000ul; Physical = 0xe000; Flags = 5 }
        @{ Virtual = 0x404000ul; Physical = 0xc000; Flags = 7 }
        @{ Virtual = 0x405000ul; Physical = 0xf000; Flags = 7 }
        @{ Virtual = 0x406000ul; Physical = 0x9000; Flags = 3 + $noExecute })
    $all = @(
        '0x401000-0x401fff Removed: 0xa000 r-x/r-x -> nothing'
        '0x402000-0x402fff Added: nothing -> 0xa000 r-x/r-x'
        '0x403000-0x403fff Moved: 0xb000 r-x/r-x -> 0xe000 r-x/r-x'
        '0x404000-0x404fff RightsChanged: 0xc000 r-x/r-x -> 0xc000 rwx/rwx'
        '0x405000-0x405fff Moved, RightsChanged: 0xd000 r-x/r-x -> 0xf000 rwx/rwx'
        '0x406000-0x406fff RightsChanged: 0x9000 rw-/rw- -> 0x9000 ---/rw-')
    filter Get-Text { $_.ToString() }
}

Describe 'Compare-PageTableMapping' {
    It 'names every kind of change' {
        $changes = Compare-PageTableMapping $before $after @space
        $changes | Get-Text | Should -Be $all
        $changes.SideIndicator | Should -Be '<=', '=>', '<>', '<>', '<>', '<>'
        $changes | Should -BeOfType ElfMmu.Spaces.MappingChange
        $changes[2].BeforePhysicalAddress | Should -Be 0xb000ul
        $changes[2].AfterPhysicalAddress | Should -BeOfType [ulong]
        $changes[2].BeforeSpace.Dump.Path, $changes[2].AfterSpace.Dump.Path | Should -Be $before, $after
        $changes[0].AfterPhysicalAddress | Should -BeNullOrEmpty
        $changes[0].Space.Dump.Path, $changes[1].Space.Dump.Path | Should -Be $before, $after
        $changes[0].EndAddress | Should -Be 0x402000ul
    }

    It 'finds nothing between a dump and itself' {
        Compare-PageTableMapping $before $before @space | Should -BeNullOrEmpty
        $equal = Compare-PageTableMapping $before $before @space -IncludeEqual
        $equal.Change | Select-Object -Unique | Should -Be 'Equal'
        ($equal | Measure-Object Size -Sum).Sum | Should -Be (Get-PageTableMapping $before @space | Measure-Object Size -Sum).Sum
    }

    It 'makes one change of those that continue' {
        $one = New-Dump one.bin @(0..3 | ForEach-Object { @{ Virtual = 0x400000ul + 0x1000 * $_; Physical = 0x9000 + 0x1000 * $_; Flags = 5 } })
        $none = New-Dump none.bin @()
        (Compare-PageTableMapping $none $one @space | Get-Text) | Should -Be '0x400000-0x403fff Added: nothing -> 0x9000 r-x/r-x'
        (Compare-PageTableMapping $one $none @space | Get-Text) | Should -Be '0x400000-0x403fff Removed: 0x9000 r-x/r-x -> nothing'
    }

    It 'chooses by what stands on either side: <Options>' -ForEach @(
        @{ Options = @{ Privilege = 'User' }; Wanted = 0..5 }
        @{ Options = @{ Privilege = 'Supervisor' }; Wanted = 0..4 }
        @{ Options = @{ Rights = 'wx' }; Wanted = 3, 4 }
        @{ Options = @{ Rights = 'w!x' }; Wanted = 5 }
        @{ Options = @{ MinimumAddress = 0x402000; MaximumAddress = 0x403fff }; Wanted = 1, 2 }) {
        Compare-PageTableMapping $before $after @space @Options | Get-Text | Should -Be $all[$Wanted]
    }

    It 'cuts at the limits' {
        Compare-PageTableMapping $before $after @space -MinimumAddress 0x401800 -MaximumAddress 0x4020ff | Get-Text | Should -Be @(
            '0x401800-0x401fff Removed: 0xa800 r-x/r-x -> nothing'
            '0x402000-0x4020ff Added: nothing -> 0xa000 r-x/r-x')
    }

    It 'looks at page sizes when asked' {
        $small = New-RawDump "$TestDrive/small.bin" 4mb (New-PageTable @(0..511 | ForEach-Object {
                    @{ Virtual = 0x400000ul + 0x1000 * $_; Physical = 0x200000 + 0x1000 * $_ } }))
        $large = New-RawDump "$TestDrive/large.bin" 4mb (New-PageTable @(@{ Virtual = 0x400000ul; Physical = 0x200000; PageSize = 2mb }))
        Compare-PageTableMapping $small $large @space | Should -BeNullOrEmpty
        $change = Compare-PageTableMapping $small $large @space -IncludeAttribute
        $change.Change | Should -Be 'AttributesChanged'
        $change.BeforePageSize, $change.AfterPageSize, $change.Size | Should -Be 4kb, 2mb, 2mb
    }

    It 'agrees with Compare-Object on single pages of the sample' {
        $pages = foreach ($root in 0x904000ul, 0x942000ul) {
            , @(foreach ($page in Get-PageTableMapping $sample -Root $root -PerPage -Privilege User) {
                    for ($at = 0ul; $at -lt $page.Size; $at += 4kb) {
                        '{0:x} {1:x} {2}' -f ($page.VirtualAddress + $at), ($page.PhysicalAddress + $at), $page.UserRights
                    }
                })
        }

        $ours = Compare-PageTableMapping $sample -Root 0x904000 -DifferenceRoot 0x942000 -Privilege User
        $lines = foreach ($change in $ours) {
            for ($at = 0ul; $at -lt $change.Size; $at += 4kb) {
                if ($change.Change -ne 'Added') {
                    '<= {0:x} {1:x} {2}' -f ($change.VirtualAddress + $at), ($change.BeforePhysicalAddress + $at), $change.BeforeUserRights
                }
                if ($change.Change -ne 'Removed') {
                    '=> {0:x} {1:x} {2}' -f ($change.VirtualAddress + $at), ($change.AfterPhysicalAddress + $at), $change.AfterUserRights
                }
            }
        }

        $theirs = Compare-Object $pages[0] $pages[1] | ForEach-Object { "$($_.SideIndicator) $($_.InputObject)" }
        $lines | Sort-Object | Should -Be ($theirs | Sort-Object)
        $ours.Count | Should -BeGreaterThan 100
    }
}

Describe 'Sides of a comparison' {
    It 'can be <Name>' -ForEach @(
        @{ Name = 'two paths'; Script = { Compare-PageTableMapping $before $after @space } }
        @{ Name = 'paths with wildcards'; Script = { Compare-PageTableMapping "$TestDrive/bef*.bin" "$TestDrive/aft*.bin" @space } }
        @{ Name = 'files'; Script = { Compare-PageTableMapping (Get-Item $before) (Get-Item $after) @space } }
        @{ Name = 'a file in the pipeline'; Script = { Get-Item $after | Compare-PageTableMapping $before @space } }
        @{ Name = 'mappings'; Script = { Compare-PageTableMapping (Get-PageTableMapping $before @space) (Get-PageTableMapping $after @space) } }
        @{ Name = 'mappings in any order'; Script = {
                Compare-PageTableMapping (Get-PageTableMapping $before @space | Sort-Object PhysicalAddress) (Get-PageTableMapping $after @space) } }
        @{ Name = 'mappings of single pages'; Script = {
                Get-PageTableMapping $after @space -PerPage | Compare-PageTableMapping (Get-PageTableMapping $before @space -PerPage) } }
        @{ Name = 'a dump and mappings'; Script = { Get-PageTableMapping $after @space | Compare-PageTableMapping $before @space } }
        @{ Name = 'spaces'; Script = {
                Compare-PageTableMapping (Get-PageTableMapping $before @space)[0].Space (Get-PageTableMapping $after @space)[0].Space } }
        @{ Name = 'open dumps'; Script = {
                $open = [ElfMmu.Dumps.OpenedDump]::Open($before)
                Compare-PageTableMapping $open $after @space
                $open.Dispose() } }) {
        & $Script | Get-Text | Should -Be $all
    }

    It 'can be several, one after the other' {
        $changes = $after, $before, $after | Compare-PageTableMapping $before @space
        $changes | Get-Text | Should -Be ($all + $all)
        $lists = @($after, $before | ForEach-Object { Get-PageTableMapping $_ @space })
        Compare-PageTableMapping $before -DifferenceObject $lists @space | Get-Text | Should -Be $all
    }

    It 'can have no mappings' {
        $some = Get-PageTableMapping $before @space -Privilege User
        (Compare-PageTableMapping $some @()).Change | Select-Object -Unique | Should -Be 'Removed'
        (Compare-PageTableMapping @() $some).Change | Select-Object -Unique | Should -Be 'Added'
        (Get-PageTableMapping $before @space -Rights 'w!r' | Compare-PageTableMapping $some).Change | Select-Object -Unique | Should -Be 'Removed'
        Compare-PageTableMapping @() @() | Should -BeNullOrEmpty
    }

    It 'can be roots that were found' {
        $first, $others = Find-PageTableRoot $sample | Where-Object UserBytes
        $found = $others | Compare-PageTableMapping $first -Privilege User
        $found.AfterSpace.Root | Select-Object -Unique | Should -Be $others.Root
        $found.BeforeSpace.Root | Select-Object -Unique | Should -Be $first.Root
        $same = Compare-PageTableMapping $sample -Root $first.Root -DifferenceRoot $others[0].Root -Privilege User
        $found | Where-Object { $_.AfterSpace.Root -eq $others[0].Root } | Get-Text | Should -Be ($same | Get-Text)
        # A root that is given for paths doesn't count for roots that are objects.
        Compare-PageTableMapping $sample $others[0] -Root $first.Root -Privilege User | Get-Text | Should -Be ($same | Get-Text)
    }

    It 'can be processors of one dump' {
        $two = New-ElfDump "$TestDrive/cpus.elf" $before @(@{ cr0 = 0x80000011ul; cr3 = 0x1000ul; cr4 = 0x20ul }, @{ cr0 = 0x80000011ul; cr3 = 0x8000ul; cr4 = 0x20ul })
        (Compare-PageTableMapping $two -DifferenceCpu 1 -WarningAction Ignore).Change | Select-Object -Unique | Should -Be 'Removed'
    }

    It 'come out of changes again' {
        $changes = Compare-PageTableMapping $before $after @space
        ($changes | Where-Object Change -EQ Added | Resolve-PhysicalAddress).VirtualAddress | Should -Be 0x402000ul
        ($changes | Where-Object Change -EQ Removed | Resolve-PhysicalAddress).VirtualAddress | Should -Be 0x401000ul
    }
}

Describe 'What Compare-PageTableMapping can''t do' {
    It 'is the error <Id>' -ForEach @(
        @{ Id = 'DifferenceRequired'; Script = { Compare-PageTableMapping $before @space } }
        @{ Id = 'ReferenceInvalid'; Script = { Compare-PageTableMapping $before, $after $after @space } }
        @{ Id = 'SideInvalid'; Script = { Compare-PageTableMapping $before 5 @space } }
        @{ Id = 'SpacesMixed'; Script = { Compare-PageTableMapping (@($before, $after) | ForEach-Object { Get-PageTableMapping $_ @space }) $after @space } }
        @{ Id = 'MappingsOverlap'; Script = { $m = Get-PageTableMapping $before @space; Compare-PageTableMapping ($m + $m) $m } }
        @{ Id = 'RightsInvalid'; Script = { Compare-PageTableMapping $before $after @space -Rights q } }
        @{ Id = 'ModeRequired'; Script = { Compare-PageTableMapping $before $after -Root 0x1000 } }) {
        $errors = @(Get-ErrorOf $Script)
        $errors | Should -HaveCount 1
        $errors[0].FullyQualifiedErrorId | Should -BeLike "$Id,$commands.ComparePageTableMappingCommand"
    }

    It 'refuses a root beside <Name>' -ForEach @(
        @{ Name = 'a root, for it'; Given = { Compare-PageTableMapping $before $roots[1] -DifferenceRoot 0x958000 } }
        @{ Name = 'mappings, for them'; Given = { Compare-PageTableMapping $before $maps -DifferenceRoot 0x958000 } }
        @{ Name = 'a root, by a processor'; Given = { Compare-PageTableMapping $before $roots[1] -DifferenceCpu 0 } }
        @{ Name = 'two roots, for both'; Given = { Compare-PageTableMapping $roots[0] $roots[1] -Root 0x958000 } }
    ) {
        $roots = Find-PageTableRoot (Get-SampleDump) -Top 2
        $maps = Get-PageTableMapping $before @space
        $found = Get-ErrorOf $Given
        $found.FullyQualifiedErrorId | Should -Be "RootConflict,$commands.ComparePageTableMappingCommand"
        "$found" | Should -Match "-(DifferenceRoot|DifferenceCpu|Root) can't be given"
    }

    It 'keeps no other dump back' {
        $changes = "$TestDrive/absent.bin", $after | Compare-PageTableMapping $before @space -ErrorVariable failures -ErrorAction SilentlyContinue
        $changes | Get-Text | Should -Be $all
        $failures.Count | Should -Be 1
    }
}

Describe 'The views of changes' {
    It 'show addresses in hexadecimal and rights as they were and are' {
        $lines = Compare-PageTableMapping $before $after @space | Out-String -Stream -Width 250
        ($lines -match '^   Before: 0x1000 \(ia32e\) in .*before\.bin').Count | Should -Be 1
        ($lines -match '^   After:  0x1000 \(ia32e\) in .*after\.bin').Count | Should -Be 1
        $lines -match '^0x0000000000405000 +0x1000 +<> +0xd000 +0xf000 r-x>rwx +r-x>rwx' | Should -HaveCount 1
        $lines -match '^0x0000000000401000 +0x1000 +<= +0xa000 +r-x +r-x' | Should -HaveCount 1
        $list = Compare-PageTableMapping $before $after @space | Format-List | Out-String
        $list | Should -Match 'BeforePhysicalAddress +: 0x000000000000a000'
        $list | Should -Match 'Change +: Moved, RightsChanged'
    }
}
