import { Checkbox } from "react-aria-components";

interface FollowBoxProps {
  readonly isFollowing: boolean;
  onChange(isFollowing: boolean): void;
}

export function FollowBox({ isFollowing, onChange }: FollowBoxProps) {
  return (
    <Checkbox className="check" isSelected={isFollowing} onChange={onChange}>
      <svg className="box" viewBox="0 0 18 18" aria-hidden="true">
        {isFollowing && <path d="M4 9.5 7.5 13 14 5.5" />}
      </svg>
      Follow
    </Checkbox>
  );
}
